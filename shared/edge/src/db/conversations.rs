//! Conversations and what they show.

use api::limits::CONVERSATIONS_MAX;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{Database, DatabaseError, column, generations::REPLY_LOST_AFTER_MS, statements};

/// Text of a page of messages, in bytes: it is copied several times on its way through 128 MB of an isolate.
const PAGE_BYTES_MAX: i64 = 2 * 1_048_576;

/// What a new conversation opens with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The persona's card, as JSON.
    pub card: String,
    /// The version that greets.
    pub persona_version: i32,
    /// What the persona calls the person; may be empty.
    pub user_name: String,
}

/// Reads what a conversation with this persona opens with.
///
/// # Errors
/// Those of the database.
pub async fn opening(db: &mut Database, persona: Uuid) -> Result<Option<Opening>, DatabaseError> {
    let row = db
        .row(statements::CONVERSATIONS_GREETING, &[(&persona, Type::UUID)])
        .await?;
    row.map(|row| {
        Ok(Opening {
            card: column(&row, 0)?,
            persona_version: column(&row, 1)?,
            user_name: column(&row, 2)?,
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

/// What became of a conversation about to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The new conversation as JSON of [`api::Conversation`].
    Stored(String),
    /// The id is taken, by an earlier try or by another person, or there is no such persona (any more).
    Taken,
    /// The person has [`CONVERSATIONS_MAX`].
    Full,
}

/// Opens a conversation and answers it.
///
/// # Errors
/// Those of the database.
pub async fn insert(db: &mut Database, new: &NewConversation) -> Result<Opened, DatabaseError> {
    let conversation = db
        .text(
            statements::CONVERSATIONS_INSERT,
            &[
                (&new.id, Type::UUID),
                (&new.persona, Type::UUID),
                (&new.greeting_id, Type::UUID),
                (&new.greeting, Type::TEXT),
                (&new.persona_version, Type::INT4),
                (&i64::from(CONVERSATIONS_MAX), Type::INT8),
            ],
        )
        .await?;
    Ok(match conversation {
        Some(Some(conversation)) => Opened::Stored(conversation),
        Some(None) => Opened::Full,
        None => Opened::Taken,
    })
}

/// A conversation with a page of messages, as JSON of [`api::Conversation`]. The page ends before `messages_max` or
/// [`PAGE_BYTES_MAX`] is passed, and holds one message at least.
///
/// # Errors
/// Those of the database.
pub async fn get(
    db: &mut Database,
    id: Uuid,
    before: Option<Uuid>,
    messages_max: i64,
) -> Result<Option<String>, DatabaseError> {
    let conversation = db
        .text(
            statements::CONVERSATIONS_GET,
            &[
                (&id, Type::UUID),
                (&before, Type::UUID),
                (&messages_max, Type::INT8),
                (&PAGE_BYTES_MAX, Type::INT8),
                (&REPLY_LOST_AFTER_MS, Type::INT8),
            ],
        )
        .await?;
    Ok(conversation.flatten())
}

/// Whether a conversation is the caller's.
///
/// # Errors
/// Those of the database.
pub async fn is_owned(db: &mut Database, id: Uuid) -> Result<bool, DatabaseError> {
    db.is_found(statements::CONVERSATIONS_OWNED, &[(&id, Type::UUID)])
        .await
}

/// Hides a conversation; whether there was one.
///
/// # Errors
/// Those of the database.
pub async fn delete(db: &mut Database, id: Uuid) -> Result<bool, DatabaseError> {
    db.is_found(statements::CONVERSATIONS_DELETE, &[(&id, Type::UUID)])
        .await
}

/// How undoing a delete went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// The conversation is there.
    Done,
    /// There is none of that id.
    Missing,
    /// The person has [`CONVERSATIONS_MAX`] others.
    Full,
}

/// Undoes [`delete`].
///
/// # Errors
/// Those of the database.
pub async fn restore(db: &mut Database, id: Uuid) -> Result<Restored, DatabaseError> {
    let row = db
        .row(
            statements::CONVERSATIONS_RESTORE,
            &[(&id, Type::UUID), (&i64::from(CONVERSATIONS_MAX), Type::INT8)],
        )
        .await?;
    Ok(match row {
        None => Restored::Missing,
        Some(row) if column(&row, 0)? => Restored::Done,
        Some(_) => Restored::Full,
    })
}
