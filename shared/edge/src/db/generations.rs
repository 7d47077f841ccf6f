//! Replies being written, and how they ended.

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

/// At most one reply is written in a conversation.
const ONE_RUNNING: &str = "generations_one_running";
/// The id of a generation is unique among everybody's.
const GENERATION_ID: &str = "generations_pkey";

/// Milliseconds without a heartbeat after which a running reply is lost. Nothing else makes it so. Owners write one at
/// least three times as often.
pub const REPLY_LOST_AFTER_MS: i64 = 45_000;

/// How many messages a prompt is chosen from: more than any usual context holds.
const HISTORY_MESSAGES_MAX: i64 = 400;

/// The most bytes of messages that a prompt is chosen from, for models with the largest contexts: several such prompts
/// fit into an isolate's 128 MB at once.
pub const HISTORY_BYTES_MAX: usize = 1_048_576;

/// One message of the history, as a prompt needs it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HistoryMessage {
    /// Who spoke.
    pub role: Role,
    /// What was said.
    pub content: String,
}

/// All that a reply needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The persona's card, as JSON.
    pub card: String,
    /// What the persona calls the person; may be empty.
    pub user_name: String,
    /// Oldest first; without the message that was sent just now.
    pub history: Vec<HistoryMessage>,
}

/// How asking for a reply went. Only [`Verdict::Begun`] has written anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The question is stored and the reply is this caller's to write.
    Begun(Box<Begun>),
    /// There is no such conversation.
    Missing,
    /// The persona was deleted.
    Gone,
    /// This very reply exists.
    Same,
    /// The reply being written in this conversation has lost its owner: [`abandon`] it and ask again.
    Lost(Uuid),
    /// Another reply is being written in this conversation.
    Busy,
    /// [`REPLIES_AT_ONCE_MAX`] replies are being written for this person. When to try again.
    TooMany(Timestamp),
    /// Another request stored something while this one was judged: ask again, over another connection.
    Raced,
    /// The conversation has moved on.
    Stale,
    /// There is nothing to retry or to continue.
    Impossible,
    /// One of the message ids is taken, in this very conversation.
    Taken,
}

/// Judges, writes and reads all that a reply needs. Of the history, messages are read newest first until
/// `history_bytes` are reached; the newest is always read.
///
/// # Errors
/// Those of the database.
pub async fn begin(
    db: &mut Database,
    conversation: Uuid,
    input: &GenerationInput,
    model: &str,
    history_bytes: usize,
) -> Result<Verdict, DatabaseError> {
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
            return Ok(Verdict::Raced);
        }
        Err(error) if error.is_taken_id() => return Ok(Verdict::Taken),
        answer => answer?.ok_or(DatabaseError::Answer("generations_begin.sql has one row"))?,
    };
    verdict(&row)
}

fn verdict(row: &Row) -> Result<Verdict, DatabaseError> {
    Ok(match column::<&str>(row, 0)? {
        "ok" => Verdict::Begun(Box::new(begun(row)?)),
        "gone" => Verdict::Gone,
        "same" => Verdict::Same,
        "lost" => Verdict::Lost(
            column::<Option<Uuid>>(row, 5)?.ok_or(DatabaseError::Answer("a lost reply has an id"))?,
        ),
        "busy" => Verdict::Busy,
        "too_many" => Verdict::TooMany(column(row, 6)?),
        "stale" => Verdict::Stale,
        "impossible" => Verdict::Impossible,
        _ => Verdict::Missing,
    })
}

fn begun(row: &Row) -> Result<Begun, DatabaseError> {
    let history = column::<Option<&str>>(row, 4)?.unwrap_or("[]");
    Ok(Begun {
        card: column::<Option<String>>(row, 2)?.unwrap_or_default(),
        user_name: column(row, 3)?,
        history: serde_json::from_str(history).map_err(|_| DatabaseError::Answer("a history holds turns"))?,
    })
}

/// Writes down the reply so far, which is also a heartbeat. False where it has ended meanwhile.
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

/// How a reply ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Never `streaming`.
    pub status: MessageStatus,
    /// The message's whole text.
    pub content: String,
    /// The number of the last event, which is the end.
    pub seq: u32,
    /// The slug of what went wrong, if anything did.
    pub error_code: Option<String>,
    /// Tokens read, where the model said so.
    pub tokens_in: Option<u32>,
    /// Tokens written, where the model said so.
    pub tokens_out: Option<u32>,
}

/// Writes down how a reply ended, and the `events` before the end that readers elsewhere have not got yet. The first
/// ending counts; one that was only presumed, by [`abandon`], gives way to the true one.
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

/// Frees a conversation from a reply that has had no heartbeat for [`REPLY_LOST_AFTER_MS`]. What was written stays.
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

/// The owner of a reply says that it cannot write on. What was written stays.
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

/// A reply as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The conversation it belongs to.
    pub conversation: Uuid,
    /// The message it writes.
    pub message: Uuid,
    /// Absent while it runs.
    pub ended: Option<MessageStatus>,
    /// The number of the last event in the stored text; of the end, once it has ended.
    pub seq: u32,
    /// Still running, and without a heartbeat for [`REPLY_LOST_AFTER_MS`].
    pub is_lost: bool,
    /// The message's text, once the reply has ended.
    pub content: String,
    /// Stored events that the reader does not have; a batch may begin with some that it has.
    pub events: Batch,
}

/// One reply of the person, with the stored events behind number `seen`.
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
