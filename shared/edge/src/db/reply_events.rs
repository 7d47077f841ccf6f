//! Events of running replies, stored for readers in other processes, and what those readers ask for.

use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{Database, DatabaseError, Unattended, column, statements};
use crate::UserId;

/// Consecutive events, as they leave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The number of the first one; 0 where there is none.
    pub first_seq: u32,
    /// The events, each with the empty line behind it.
    pub text: String,
}

/// What the owner of a reply hears when it stores events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Nobody asked for anything.
    Nothing,
    /// A reader asked to stop, having seen so many code points of the message.
    Stop(u32),
    /// The reply does not run any more: it was given up as lost.
    Ended,
}

/// A number for the protocol's `int4`; what is too large becomes the largest.
pub(super) fn int4(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Stores events up to number `last_seq`, which is also a heartbeat.
///
/// # Errors
/// Those of the database.
pub async fn append(
    db: &mut Unattended,
    user: &UserId,
    generation: Uuid,
    batch: &Batch,
    last_seq: u32,
) -> Result<Heard, DatabaseError> {
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
    heard(row)
}

/// Whether a reader elsewhere asked to stop.
///
/// # Errors
/// Those of the database.
pub async fn asked_to_stop(
    db: &mut Unattended,
    user: &UserId,
    generation: Uuid,
) -> Result<Heard, DatabaseError> {
    let row = db
        .row(
            statements::REPLY_EVENTS_ASKED_TO_STOP,
            &[(&user.key(), Type::UUID), (&generation, Type::UUID)],
        )
        .await?;
    heard(row)
}

fn heard(row: Option<tokio_postgres::Row>) -> Result<Heard, DatabaseError> {
    let Some(row) = row else {
        return Ok(Heard::Ended);
    };
    Ok(match column::<Option<i32>>(&row, 0)? {
        Some(seen_chars) => Heard::Stop(seen_chars.unsigned_abs()),
        None => Heard::Nothing,
    })
}

/// Asks the owner of a running reply to stop. The first one to ask decides.
///
/// # Errors
/// Those of the database.
pub async fn ask_to_stop(db: &mut Database, generation: Uuid, seen_chars: u32) -> Result<(), DatabaseError> {
    db.is_found(
        statements::REPLY_EVENTS_ASK_TO_STOP,
        &[(&generation, Type::UUID), (&int4(seen_chars), Type::INT4)],
    )
    .await
    .map(drop)
}

/// Deletes the events of a reply that has ended.
///
/// # Errors
/// Those of the database.
pub async fn forget(db: &mut Unattended, user: &UserId, generation: Uuid) -> Result<(), DatabaseError> {
    db.run(
        statements::REPLY_EVENTS_FORGET,
        &[(&user.key(), Type::UUID), (&generation, Type::UUID)],
    )
    .await
}
