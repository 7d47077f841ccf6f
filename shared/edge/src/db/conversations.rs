//! Conversations and their messages.

use api::limits::CONVERSATIONS_MAX;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{Database, DatabaseError, column, generations::REPLY_LOST_AFTER_MS, statements};

/// The limit of text on a page of messages, in bytes. It is copied several times within an isolate's 128 MB.
const PAGE_BYTES_MAX: i64 = 2 * 1_048_576;

/// The data for opening a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The persona's card, as JSON.
    pub card: String,
    /// The persona's version.
    pub persona_version: i32,
    /// The user's name, possibly empty.
    pub user_name: String,
}

/// Reads the data for opening a conversation with this persona.
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

/// A new conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConversation {
    /// Chosen by the client.
    pub id: Uuid,
    /// The persona.
    pub persona: Uuid,
    /// The greeting's message id.
    pub greeting_id: Uuid,
    /// The greeting with expanded macros, empty for none.
    pub greeting: String,
    /// The persona's version.
    pub persona_version: i32,
}

/// The outcome of [`insert`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The new conversation as JSON of [`api::Conversation`].
    Stored(String),
    /// The id is taken by an earlier attempt or by another user, or the persona does not exist.
    Taken,
    /// The user has [`CONVERSATIONS_MAX`] conversations.
    Full,
}

/// Opens a conversation.
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

/// A conversation with a page of messages, as JSON of [`api::Conversation`]. The page has at most `messages_max` messages
/// and [`PAGE_BYTES_MAX`], but at least one message.
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

/// Marks a conversation as deleted. False if there is no such conversation.
///
/// # Errors
/// Those of the database.
pub async fn delete(db: &mut Database, id: Uuid) -> Result<bool, DatabaseError> {
    db.is_found(statements::CONVERSATIONS_DELETE, &[(&id, Type::UUID)])
        .await
}

/// The outcome of [`restore`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// It is restored.
    Done,
    /// There is no such conversation.
    Missing,
    /// The user has [`CONVERSATIONS_MAX`] other conversations.
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
