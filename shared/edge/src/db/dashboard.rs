//! The lists of the first page. Postgres builds the JSON, which is not parsed here.

use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{Database, DatabaseError, column, statements};
use crate::Error;

/// The year 2100, in microseconds since 1970: larger than the time of any row.
const CURSOR_US_MAX: i64 = 4_102_444_800_000_000;

/// The position after the last item of a page: its sort key in microseconds since 1970, and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    at_us: i64,
    id: Uuid,
}

impl Cursor {
    /// Parses the `next` of an earlier page.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let read = || {
            let (at, id) = text.split_once('~')?;
            let at_us = at.parse().ok().filter(|at| (0..=CURSOR_US_MAX).contains(at))?;
            Some(Self {
                at_us,
                id: Uuid::try_parse(id).ok()?,
            })
        };
        read().ok_or_else(|| Error::Malformed("`after` is not the `next` of a page.".into()))
    }
}

/// The data of the first page, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// JSON of [`api::Me`].
    pub me: String,
    /// JSON of [`api::PersonaPage`].
    pub personas: String,
    /// JSON of [`api::ConversationPage`].
    pub conversations: String,
}

/// The data of the first page, in one statement.
///
/// # Errors
/// Those of the database.
pub async fn home(db: &mut Database) -> Result<Home, DatabaseError> {
    let row = db
        .row(
            statements::DASHBOARD,
            &[
                (&None::<i64>, Type::INT8),
                (&None::<Uuid>, Type::UUID),
                (&None::<Uuid>, Type::UUID),
            ],
        )
        .await?
        .ok_or(DatabaseError::Answer("dashboard.sql has one row"))?;
    Ok(Home {
        me: column(&row, 0)?,
        personas: column(&row, 1)?,
        conversations: column(&row, 2)?,
    })
}

/// A page of the person's personas as JSON of [`api::PersonaPage`].
///
/// # Errors
/// Those of the database.
pub async fn personas(db: &mut Database, after: Option<&Cursor>) -> Result<String, DatabaseError> {
    db.text(
        statements::DASHBOARD_PERSONAS,
        &[
            (&after.map(|cursor| cursor.at_us), Type::INT8),
            (&after.map(|cursor| cursor.id), Type::UUID),
        ],
    )
    .await?
    .flatten()
    .ok_or(DatabaseError::Answer("dashboard_personas.sql has one row"))
}

/// A page of the person's conversations as JSON of [`api::ConversationPage`].
///
/// # Errors
/// Those of the database.
pub async fn conversations(
    db: &mut Database,
    after: Option<&Cursor>,
    persona: Option<Uuid>,
) -> Result<String, DatabaseError> {
    db.text(
        statements::DASHBOARD_CONVERSATIONS,
        &[
            (&after.map(|cursor| cursor.at_us), Type::INT8),
            (&after.map(|cursor| cursor.id), Type::UUID),
            (&persona, Type::UUID),
        ],
    )
    .await?
    .flatten()
    .ok_or(DatabaseError::Answer("dashboard_conversations.sql has one row"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cursors_of_pages_are_parsed() {
        let id = "0199d2a0-0000-7000-8000-000000000001";
        for (text, passes) in [
            (format!("1795465344580000~{id}"), true),
            (format!("'; drop table users --~{id}"), false),
            (format!("-1~{id}"), false),
            (format!("9223372036854775807~{id}"), false),
            (format!("1795465344580000~{id}x"), false),
            (format!("~{id}"), false),
            ("1795465344580000".into(), false),
        ] {
            assert_eq!(Cursor::parse(&text).is_ok(), passes, "{text}");
        }
    }
}
