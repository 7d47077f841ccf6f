//! Erasing a person: a tombstone first, then their rows in slices, each one bounded statement. How far it has come is
//! read from the tables themselves, so anybody can go on at any time.

use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{DatabaseError, Unattended, column, statements};
use crate::UserId;

/// Rows of a kind that one slice takes.
const SLICE_ROWS_MAX: i64 = 500;
/// Files that one slice takes: the store deletes at most 1000 in one call.
const SLICE_FILES_MAX: i64 = 100;
/// Old deliveries, revocations and tombstones that one sweep forgets: far more than come between two sweeps.
const FORGOTTEN_ROWS_MAX: i64 = 200;

/// Sets the tombstone: the person is refused from now on, and nothing that comes late brings them back.
///
/// # Errors
/// Those of the database.
pub async fn begin(db: &mut Unattended, delivery: &str, user: &UserId) -> Result<(), DatabaseError> {
    db.run(
        statements::DELETION_BEGIN,
        &[
            (&user.key(), Type::UUID),
            (&user.clerk_id(), Type::TEXT),
            (&delivery, Type::TEXT),
        ],
    )
    .await
}

/// Forgets what is too old to matter; answers a few people who are still to be erased and whom nobody is erasing.
///
/// # Errors
/// Those of the database.
pub async fn sweep(db: &mut Unattended) -> Result<Vec<UserId>, DatabaseError> {
    let row = db
        .row(statements::DELETION_SWEEP, &[(&FORGOTTEN_ROWS_MAX, Type::INT8)])
        .await?
        .ok_or(DatabaseError::Answer("deletion_sweep.sql has one row"))?;
    let clerk_ids: Vec<&str> = column(&row, 0)?;
    Ok(clerk_ids.into_iter().map(UserId::from_clerk).collect())
}

/// Some of the person's files, for the store to let go of.
///
/// # Errors
/// Those of the database.
pub async fn files(db: &mut Unattended, user: &UserId) -> Result<Vec<Uuid>, DatabaseError> {
    let row = db
        .row(
            statements::DELETION_FILES,
            &[(&user.key(), Type::UUID), (&SLICE_FILES_MAX, Type::INT8)],
        )
        .await?
        .ok_or(DatabaseError::Answer("deletion_files.sql has one row"))?;
    column(&row, 0)
}

/// Forgets files that the store has let go of.
///
/// # Errors
/// Those of the database.
pub async fn forget_files(db: &mut Unattended, user: &UserId, ids: &[Uuid]) -> Result<(), DatabaseError> {
    db.run(
        statements::DELETION_FILES_FORGET,
        &[(&user.key(), Type::UUID), (&ids, Type::UUID_ARRAY)],
    )
    .await
}

/// Erases a slice of replies, messages and emptied conversations. False where there is nothing left to erase.
///
/// # Errors
/// Those of the database.
pub async fn conversations(db: &mut Unattended, user: &UserId) -> Result<bool, DatabaseError> {
    slice(db, user, statements::DELETION_CONVERSATIONS).await
}

/// Erases a slice of versions and emptied personas. False where there is nothing left to erase.
///
/// # Errors
/// Those of the database.
pub async fn personas(db: &mut Unattended, user: &UserId) -> Result<bool, DatabaseError> {
    slice(db, user, statements::DELETION_PERSONAS).await
}

async fn slice(
    db: &mut Unattended,
    user: &UserId,
    statement: statements::UnattendedStatement,
) -> Result<bool, DatabaseError> {
    let row = db
        .row(
            statement,
            &[(&user.key(), Type::UUID), (&SLICE_ROWS_MAX, Type::INT8)],
        )
        .await?
        .ok_or(DatabaseError::Answer("a slice has one row"))?;
    Ok(column::<i64>(&row, 0)? > 0)
}

/// Erases the person's own row, once nothing can be in flight any more that was admitted before the tombstone.
///
/// # Errors
/// Those of the database.
pub async fn finish(db: &mut Unattended, user: &UserId) -> Result<(), DatabaseError> {
    db.run(statements::DELETION_FINISH, &[(&user.key(), Type::UUID)])
        .await
}
