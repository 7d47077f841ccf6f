//! Conversations and what they show.

use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{Database, DatabaseError, column};
use crate::UserId;

/// What a new conversation opens with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The persona's name.
    pub persona_name: String,
    /// Its first message, macros not yet filled in.
    pub greeting: String,
    /// The version that greets.
    pub persona_version: i32,
    /// What the persona calls the person; may be empty.
    pub user_name: String,
}

/// Reads what a conversation with this persona opens with.
///
/// # Errors
/// Those of the database.
pub async fn opening(db: &Database, user: &UserId, persona: Uuid) -> Result<Option<Opening>, DatabaseError> {
    let row = db
        .row(
            include_str!("sql/conversations_greeting.sql"),
            &[(&user.key(), Type::UUID), (&persona, Type::UUID)],
        )
        .await?;
    row.map(|row| {
        Ok(Opening {
            persona_name: column(&row, 0)?,
            greeting: column(&row, 1)?,
            persona_version: column(&row, 2)?,
            user_name: column(&row, 3)?,
        })
    })
    .transpose()
}

/// A conversation about to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConversation {
    /// Chosen by the client.
    pub id: Uuid,
    /// Whom it is with.
    pub persona: Uuid,
    /// The greeting's message id.
    pub greeting_id: Uuid,
    /// The greeting as it is said; empty for none.
    pub greeting: String,
    /// The version that greets.
    pub persona_version: i32,
}

/// Opens a conversation. Doing it twice with one id is doing it once.
///
/// # Errors
/// Those of the database.
pub async fn insert(db: &Database, user: &UserId, new: &NewConversation) -> Result<(), DatabaseError> {
    db.execute(
        include_str!("sql/conversations_insert.sql"),
        &[
            (&user.key(), Type::UUID),
            (&new.id, Type::UUID),
            (&new.persona, Type::UUID),
            (&new.greeting_id, Type::UUID),
            (&new.greeting, Type::TEXT),
            (&new.persona_version, Type::INT4),
        ],
    )
    .await?;
    Ok(())
}

/// A conversation with a page of messages, as JSON of [`api::Conversation`].
///
/// # Errors
/// Those of the database.
pub async fn get(
    db: &Database,
    user: &UserId,
    id: Uuid,
    before: Option<Uuid>,
    size: i64,
) -> Result<Option<String>, DatabaseError> {
    db.text(
        include_str!("sql/conversations_get.sql"),
        &[
            (&user.key(), Type::UUID),
            (&id, Type::UUID),
            (&before, Type::UUID),
            (&size, Type::INT8),
        ],
    )
    .await
}

/// Hides a conversation; whether there was one.
///
/// # Errors
/// Those of the database.
pub async fn delete(db: &Database, user: &UserId, id: Uuid) -> Result<bool, DatabaseError> {
    let touched = db
        .execute(
            include_str!("sql/conversations_delete.sql"),
            &[(&user.key(), Type::UUID), (&id, Type::UUID)],
        )
        .await?;
    Ok(touched > 0)
}

/// Undoes [`delete`]; whether there was one.
///
/// # Errors
/// Those of the database.
pub async fn restore(db: &Database, user: &UserId, id: Uuid) -> Result<bool, DatabaseError> {
    let touched = db
        .execute(
            include_str!("sql/conversations_restore.sql"),
            &[(&user.key(), Type::UUID), (&id, Type::UUID)],
        )
        .await?;
    Ok(touched > 0)
}
