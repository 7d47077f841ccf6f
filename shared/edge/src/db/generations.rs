//! Replies being written, and how they ended.

use api::{GenerationInput, GenerationKind, MessageStatus, Role};
use serde::Deserialize;
use tokio_postgres::{Row, types::Type};
use uuid::Uuid;

use super::{Database, DatabaseError, Unattended, column, statements};
use crate::UserId;

/// At most one reply is written in a conversation.
pub const ONE_RUNNING: &str = "generations_one_running";
/// The id of a generation is unique among everybody's.
const GENERATION_ID: &str = "generations_pkey";

/// How many messages a prompt is chosen from: more than any usual context holds, few enough for one answer.
const HISTORY_MESSAGES_MAX: i64 = 400;

/// One message of the history, as a prompt needs it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Turn {
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
    pub history: Vec<Turn>,
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
    /// Another reply is being written.
    Busy,
    /// The conversation has moved on.
    Stale,
    /// There is nothing to retry or to continue.
    Impossible,
    /// One of the message ids is taken, in this very conversation.
    Taken,
}

/// Judges, writes and reads all that a reply needs.
///
/// # Errors
/// [`ONE_RUNNING`] where two requests race, and those of the database.
pub async fn begin(
    db: &mut Database,
    conversation: Uuid,
    input: &GenerationInput,
    model: &str,
) -> Result<Verdict, DatabaseError> {
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
            ],
        )
        .await;
    let row = match answer {
        // A stranger's generation, stored while this statement ran, reads as absent.
        Err(error) if error.constraint() == Some(GENERATION_ID) => return Ok(Verdict::Missing),
        Err(error) if error.constraint() != Some(ONE_RUNNING) && error.is_taken_id() => {
            return Ok(Verdict::Taken);
        }
        answer => answer?.ok_or(DatabaseError::Answer("generations_begin.sql has one row"))?,
    };
    verdict(&row)
}

fn verdict(row: &Row) -> Result<Verdict, DatabaseError> {
    Ok(match column::<&str>(row, 0)? {
        "ok" => Verdict::Begun(Box::new(begun(row)?)),
        "gone" => Verdict::Gone,
        "same" => Verdict::Same,
        "busy" => Verdict::Busy,
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

/// Writes down the reply so far. False where it has been settled meanwhile.
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
                (&i32::try_from(seq).unwrap_or(i32::MAX), Type::INT4),
            ],
        )
        .await?;
    Ok(row.is_some())
}

/// How a reply ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Never `streaming`.
    pub status: MessageStatus,
    /// The message's whole text.
    pub content: String,
    /// The last event's number.
    pub seq: u32,
    /// The slug of what went wrong, if anything did.
    pub error_code: Option<&'static str>,
    /// Tokens read, where the model said so.
    pub tokens_in: Option<u32>,
    /// Tokens written, where the model said so.
    pub tokens_out: Option<u32>,
}

/// Writes down how a reply ended; the first one to say so is believed.
///
/// # Errors
/// Those of the database.
pub async fn settle(
    db: &mut Unattended,
    user: &UserId,
    id: Uuid,
    end: &Settlement,
) -> Result<(), DatabaseError> {
    let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
    db.run(
        statements::GENERATIONS_SETTLE,
        &[
            (&user.key(), Type::UUID),
            (&id, Type::UUID),
            (&status_text(end.status), Type::TEXT),
            (&end.content, Type::TEXT),
            (&number(end.seq), Type::INT4),
            (&end.error_code, Type::TEXT),
            (&end.tokens_in.map(number), Type::INT4),
            (&end.tokens_out.map(number), Type::INT4),
        ],
    )
    .await
}

/// Frees a conversation from a reply whose owner is gone. What was written stays.
///
/// # Errors
/// Those of the database.
pub async fn abandon(db: &mut Database, id: Uuid) -> Result<(), DatabaseError> {
    db.is_found(statements::GENERATIONS_ABANDON, &[(&id, Type::UUID)])
        .await
        .map(drop)
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
    /// The message's text.
    pub content: String,
}

/// One reply of the person.
///
/// # Errors
/// Those of the database.
pub async fn find(db: &mut Database, id: Uuid) -> Result<Option<Stored>, DatabaseError> {
    let row = db.row(statements::GENERATIONS_FIND, &[(&id, Type::UUID)]).await?;
    row.map(|row| {
        Ok(Stored {
            conversation: column(&row, 0)?,
            message: column(&row, 1)?,
            ended: match column::<&str>(&row, 2)? {
                "done" => Some(MessageStatus::Done),
                "stopped" => Some(MessageStatus::Stopped),
                "refused" => Some(MessageStatus::Refused),
                "interrupted" => Some(MessageStatus::Interrupted),
                _ => None,
            },
            content: column(&row, 3)?,
        })
    })
    .transpose()
}

/// The reply being written in a conversation, whoever owns it.
///
/// # Errors
/// Those of the database.
pub async fn running(db: &mut Database, conversation: Uuid) -> Result<Option<Uuid>, DatabaseError> {
    let row = db
        .row(statements::GENERATIONS_RUNNING, &[(&conversation, Type::UUID)])
        .await?;
    row.map(|row| column(&row, 0)).transpose()
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
