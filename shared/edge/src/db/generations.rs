//! Running and ended replies.

use api::{GenerationInput, GenerationKind, MessageStatus, Role, Timestamp, limits::REPLIES_AT_ONCE_MAX};
use serde::{Deserialize, Serialize};
use tokio_postgres::{Row, types::Type};
use uuid::Uuid;

use super::{
    Database, DatabaseError, Unattended, column,
    reply_events::{Batch, int4},
    statements,
};
use crate::UserId;

/// The constraint of one running reply per conversation.
const ONE_RUNNING: &str = "generations_one_running";
/// The primary key, unique among all users.
const GENERATION_ID: &str = "generations_pkey";

/// A running reply is lost after this many milliseconds without a heartbeat. Owners write heartbeats at least three times
/// as often.
pub const REPLY_LOST_AFTER_MS: i64 = 45_000;

/// The limit of messages read for a prompt: more than fit into common contexts.
const HISTORY_MESSAGES_MAX: i64 = 400;

/// The limit of bytes of messages read for a prompt. Several such prompts fit into an isolate's 128 MB.
pub const HISTORY_BYTES_MAX: usize = 1_048_576;

/// One message of the history for a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HistoryMessage {
    /// The author.
    pub role: Role,
    /// The text.
    pub content: String,
}

/// The data for generating a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The persona's card, as JSON.
    pub card: String,
    /// The user's name, possibly empty.
    pub user_name: String,
    /// Oldest first, without the message of this request.
    pub history: Vec<HistoryMessage>,
}

/// The outcome of [`begin`]. Only [`BeginOutcome::Begun`] has written anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BeginOutcome {
    /// The message is stored, and the caller must write the reply.
    Begun(Box<Begun>),
    /// There is no such conversation.
    Missing,
    /// The persona was deleted.
    Gone,
    /// This reply already exists.
    Same,
    /// The running reply of this conversation is lost: [`abandon`] it and retry.
    Lost(Uuid),
    /// Another reply is running in this conversation.
    Busy,
    /// The user has [`REPLIES_AT_ONCE_MAX`] running replies. Contains the time for a retry.
    TooMany(Timestamp),
    /// A concurrent request interfered: retry over another connection.
    Raced,
    /// The conversation has newer messages.
    Stale,
    /// There is nothing to retry or to continue.
    Impossible,
    /// One of the message ids is taken in this conversation.
    Taken,
}

/// Checks a request for a reply, stores its beginning and reads the data for it. The history is read newest first until
/// `history_bytes` are reached, and always contains the newest message.
///
/// # Errors
/// Those of the database.
pub async fn begin(
    db: &mut Database,
    conversation: Uuid,
    input: &GenerationInput,
    model: &str,
    history_bytes: usize,
) -> Result<BeginOutcome, DatabaseError> {
    let history_bytes = i64::try_from(history_bytes.min(HISTORY_BYTES_MAX)).unwrap_or(i64::MAX);
    let kind = match input.kind {
        GenerationKind::Send => "send",
        GenerationKind::Retry => "retry",
        GenerationKind::Continue => "continue",
    };
    let answer = db
        .row(
            statements::GENERATIONS_BEGIN,
            &[
                (&conversation, Type::UUID),
                (&input.id, Type::UUID),
                (&kind, Type::TEXT),
                (&input.after, Type::UUID),
                (&input.message.as_ref().map(|message| message.id), Type::UUID),
                (
                    &input.message.as_ref().map(|message| &message.content),
                    Type::TEXT,
                ),
                (&input.reply_id, Type::UUID),
                (&model, Type::TEXT),
                (&HISTORY_MESSAGES_MAX, Type::INT8),
                (&history_bytes, Type::INT8),
                (&REPLY_LOST_AFTER_MS, Type::INT8),
                (&i64::from(REPLIES_AT_ONCE_MAX), Type::INT8),
            ],
        )
        .await;
    let row = match answer {
        Err(error) if matches!(error.constraint(), Some(ONE_RUNNING | GENERATION_ID)) => {
            return Ok(BeginOutcome::Raced);
        }
        Err(error) if error.is_taken_id() => return Ok(BeginOutcome::Taken),
        answer => answer?.ok_or(DatabaseError::Answer("generations_begin.sql has one row"))?,
    };
    outcome(&row)
}

fn outcome(row: &Row) -> Result<BeginOutcome, DatabaseError> {
    Ok(match column::<&str>(row, 0)? {
        "ok" => BeginOutcome::Begun(Box::new(begun(row)?)),
        "gone" => BeginOutcome::Gone,
        "same" => BeginOutcome::Same,
        "lost" => BeginOutcome::Lost(
            column::<Option<Uuid>>(row, 5)?.ok_or(DatabaseError::Answer("a lost reply has an id"))?,
        ),
        "busy" => BeginOutcome::Busy,
        "too_many" => BeginOutcome::TooMany(column(row, 6)?),
        "stale" => BeginOutcome::Stale,
        "impossible" => BeginOutcome::Impossible,
        _ => BeginOutcome::Missing,
    })
}

fn begun(row: &Row) -> Result<Begun, DatabaseError> {
    let history = column::<Option<&str>>(row, 4)?.unwrap_or("[]");
    Ok(Begun {
        card: column::<Option<String>>(row, 2)?.unwrap_or_default(),
        user_name: column(row, 3)?,
        history: serde_json::from_str(history)
            .map_err(|_| DatabaseError::Answer("a history is a list of messages"))?,
    })
}

/// Stores the text so far, which is also a heartbeat. False if the reply has ended.
///
/// # Errors
/// Those of the database.
pub async fn flush(
    db: &mut Unattended,
    user: &UserId,
    id: Uuid,
    content: &str,
    seq: u32,
) -> Result<bool, DatabaseError> {
    let row = db
        .row(
            statements::GENERATIONS_FLUSH,
            &[
                (&user.key(), Type::UUID),
                (&id, Type::UUID),
                (&content, Type::TEXT),
                (&int4(seq), Type::INT4),
            ],
        )
        .await?;
    Ok(row.is_some())
}

/// The stored values of an ending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Never `streaming`.
    pub status: MessageStatus,
    /// The message's whole text.
    pub content: String,
    /// The number of the end event.
    pub seq: u32,
    /// The slug of the problem, if there was one.
    pub error_code: Option<String>,
    /// Prompt tokens, if the model reported them.
    pub tokens_in: Option<u32>,
    /// Reply tokens, if the model reported them.
    pub tokens_out: Option<u32>,
}

/// Stores an ending, and the preceding `events` that are not stored for other processes yet. Only the first ending is
/// stored, except that it replaces that of [`abandon`].
///
/// # Errors
/// Those of the database.
pub async fn settle(
    db: &mut Unattended,
    user: &UserId,
    id: Uuid,
    end: &Settlement,
    events: Option<&Batch>,
) -> Result<(), DatabaseError> {
    db.run(
        statements::GENERATIONS_SETTLE,
        &[
            (&user.key(), Type::UUID),
            (&id, Type::UUID),
            (&status_text(end.status), Type::TEXT),
            (&end.content, Type::TEXT),
            (&int4(end.seq), Type::INT4),
            (&end.error_code, Type::TEXT),
            (&end.tokens_in.map(int4), Type::INT4),
            (&end.tokens_out.map(int4), Type::INT4),
            (&events.map(|batch| int4(batch.first_seq)), Type::INT4),
            (&events.map(|batch| batch.text.as_str()), Type::TEXT),
        ],
    )
    .await
}

/// Marks a reply without a heartbeat for [`REPLY_LOST_AFTER_MS`] as interrupted. Its text is kept.
///
/// # Errors
/// Those of the database.
pub async fn abandon(db: &mut Database, id: Uuid) -> Result<(), DatabaseError> {
    db.is_found(
        statements::GENERATIONS_ABANDON,
        &[(&id, Type::UUID), (&REPLY_LOST_AFTER_MS, Type::INT8)],
    )
    .await
    .map(drop)
}

/// Marks a reply as interrupted because its owner was restarted. Its text is kept.
///
/// # Errors
/// Those of the database.
pub async fn give_up(db: &mut Unattended, user: &UserId, id: Uuid) -> Result<(), DatabaseError> {
    db.run(
        statements::GENERATIONS_GIVE_UP,
        &[(&user.key(), Type::UUID), (&id, Type::UUID)],
    )
    .await
}

/// A stored reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The conversation it belongs to.
    pub conversation: Uuid,
    /// Its message.
    pub message: Uuid,
    /// `None` while it is running.
    pub ended: Option<MessageStatus>,
    /// The number of the last event in the stored text, or of the end.
    pub seq: u32,
    /// Whether it is running without a heartbeat for [`REPLY_LOST_AFTER_MS`].
    pub is_lost: bool,
    /// The message's text, if the reply has ended.
    pub content: String,
    /// Stored events after `seen`. A batch can start with earlier ones.
    pub events: Batch,
}

/// One reply of the user, with the stored events after `seen`.
///
/// # Errors
/// Those of the database.
pub async fn find(db: &mut Database, id: Uuid, seen: u32) -> Result<Option<Stored>, DatabaseError> {
    let row = db
        .row(
            statements::GENERATIONS_FIND,
            &[
                (&id, Type::UUID),
                (&int4(seen), Type::INT4),
                (&REPLY_LOST_AFTER_MS, Type::INT8),
            ],
        )
        .await?;
    row.map(|row| stored(&row)).transpose()
}

fn stored(row: &Row) -> Result<Stored, DatabaseError> {
    let ended = match column::<&str>(row, 2)? {
        "done" => Some(MessageStatus::Done),
        "stopped" => Some(MessageStatus::Stopped),
        "refused" => Some(MessageStatus::Refused),
        "interrupted" => Some(MessageStatus::Interrupted),
        _ => None,
    };
    Ok(Stored {
        conversation: column(row, 0)?,
        message: column(row, 1)?,
        ended,
        seq: column::<i32>(row, 3)?.unsigned_abs(),
        is_lost: ended.is_none() && column(row, 4)?,
        content: column(row, 5)?,
        events: Batch {
            first_seq: column::<i32>(row, 6)?.unsigned_abs(),
            text: column(row, 7)?,
        },
    })
}

fn status_text(status: MessageStatus) -> &'static str {
    match status {
        MessageStatus::Streaming => "streaming",
        MessageStatus::Done => "done",
        MessageStatus::Stopped => "stopped",
        MessageStatus::Interrupted => "interrupted",
        MessageStatus::Refused => "refused",
    }
}
