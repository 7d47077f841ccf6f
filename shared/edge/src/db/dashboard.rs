//! The lists of the first page. Postgres builds the JSON; nobody here reads it.

use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{Database, DatabaseError};
use crate::{Error, UserId};

/// Where a page of a list ended: the sort key as text, and the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    at: String,
    id: Uuid,
}

impl Cursor {
    /// Reads the `next` of an earlier page.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let malformed = || Error::Malformed("`after` is not the `next` of a page.".into());
        let (at, id) = text.split_once('~').ok_or_else(malformed)?;
        // Postgres would refuse other text with an error of its own.
        let plausible =
            at.len() <= 40 && at.len() >= 19 && at.chars().all(|c| c.is_ascii_digit() || " :.-+".contains(c));
        if !plausible {
            return Err(malformed());
        }
        Ok(Self {
            at: at.into(),
            id: Uuid::try_parse(id).map_err(|_| malformed())?,
        })
    }
}

/// A page of the person's personas as JSON of [`api::PersonaPage`].
///
/// # Errors
/// Those of the database.
pub async fn personas(
    db: &Database,
    user: &UserId,
    after: Option<&Cursor>,
    size: i64,
) -> Result<String, DatabaseError> {
    db.text(
        include_str!("sql/dashboard_personas.sql"),
        &[
            (&user.key(), Type::UUID),
            (&after.map(|cursor| &cursor.at), Type::TEXT),
            (&after.map(|cursor| cursor.id), Type::UUID),
            (&size, Type::INT8),
        ],
    )
    .await?
    .ok_or(DatabaseError::Answer("dashboard_personas.sql has one row"))
}

/// A page of the person's conversations as JSON of [`api::ConversationPage`].
///
/// # Errors
/// Those of the database.
pub async fn conversations(
    db: &Database,
    user: &UserId,
    after: Option<&Cursor>,
    size: i64,
    persona: Option<Uuid>,
) -> Result<String, DatabaseError> {
    db.text(
        include_str!("sql/dashboard_conversations.sql"),
        &[
            (&user.key(), Type::UUID),
            (&after.map(|cursor| &cursor.at), Type::TEXT),
            (&after.map(|cursor| cursor.id), Type::UUID),
            (&size, Type::INT8),
            (&persona, Type::UUID),
        ],
    )
    .await?
    .ok_or(DatabaseError::Answer("dashboard_conversations.sql has one row"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_makes_a_cursor() {
        let id = "0199d2a0-0000-7000-8000-000000000001";
        for (text, passes) in [
            (format!("2026-11-23 22:12:32.123456+00~{id}"), true),
            (format!("'; drop table users --~{id}"), false),
            (format!("2026-11-23 22:12:32+00~{id}x"), false),
            (format!("~{id}"), false),
            ("2026-11-23 22:12:32+00".into(), false),
        ] {
            assert_eq!(Cursor::parse(&text).is_ok(), passes, "{text}");
        }
    }
}
