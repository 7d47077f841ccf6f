//! Events of running replies for readers in other processes, and stop requests of those readers.

use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{Database, DatabaseError, Unattended, column, statements};
use crate::UserId;

/// Consecutive encoded events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The number of the first event, 0 without events.
    pub first_seq: u32,
    /// The events, each followed by an empty line.
    pub text: String,
}

/// Whether a reply must stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopState {
    /// No stop was requested.
    Running,
    /// A reader that has seen this many code points of the message requested a stop.
    Requested(u32),
    /// The reply was marked as lost.
    Ended,
}

/// Converts a number to `int4`, saturating.
pub(super) fn int4(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Stores events up to `last_seq`, which is also a heartbeat.
///
/// # Errors
/// Those of the database.
pub async fn append(
    db: &mut Unattended,
    user: &UserId,
    generation: Uuid,
    batch: &Batch,
    last_seq: u32,
) -> Result<StopState, DatabaseError> {
    let row = db
        .row(
            statements::REPLY_EVENTS_APPEND,
            &[
                (&user.key(), Type::UUID),
                (&generation, Type::UUID),
                (&int4(batch.first_seq), Type::INT4),
                (&int4(last_seq), Type::INT4),
                (&batch.text, Type::TEXT),
            ],
        )
        .await?;
    state(row)
}

/// Whether a reader in another process has requested a stop.
///
/// # Errors
/// Those of the database.
pub async fn stop_state(
    db: &mut Unattended,
    user: &UserId,
    generation: Uuid,
) -> Result<StopState, DatabaseError> {
    let row = db
        .row(
            statements::REPLY_EVENTS_ASKED_TO_STOP,
            &[(&user.key(), Type::UUID), (&generation, Type::UUID)],
        )
        .await?;
    state(row)
}

fn state(row: Option<tokio_postgres::Row>) -> Result<StopState, DatabaseError> {
    let Some(row) = row else {
        return Ok(StopState::Ended);
    };
    Ok(match column::<Option<i32>>(&row, 0)? {
        Some(seen_chars) => StopState::Requested(seen_chars.unsigned_abs()),
        None => StopState::Running,
    })
}

/// Requests the owner of a running reply to stop. Only the first request counts.
///
/// # Errors
/// Those of the database.
pub async fn request_stop(db: &mut Database, generation: Uuid, seen_chars: u32) -> Result<(), DatabaseError> {
    db.is_found(
        statements::REPLY_EVENTS_ASK_TO_STOP,
        &[(&generation, Type::UUID), (&int4(seen_chars), Type::INT4)],
    )
    .await
    .map(drop)
}

/// Deletes the events of an ended reply.
///
/// # Errors
/// Those of the database.
pub async fn delete(db: &mut Unattended, user: &UserId, generation: Uuid) -> Result<(), DatabaseError> {
    db.run(
        statements::REPLY_EVENTS_FORGET,
        &[(&user.key(), Type::UUID), (&generation, Type::UUID)],
    )
    .await
}
