//! Erases a user: first a tombstone, then the user's rows in batches of bounded size. The tables hold the progress, so
//! any later run can continue.

use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{DatabaseError, Unattended, column, statements};
use crate::UserId;

/// Rows of each table in one batch.
const BATCH_ROWS_MAX: i64 = 500;
/// Files in one batch. The store deletes at most 1000 in one call.
const BATCH_FILES_MAX: i64 = 100;
/// Expired deliveries, revocations and tombstones that one sweep deletes: far more than expire between two sweeps.
const EXPIRED_ROWS_MAX: i64 = 200;

/// Sets the tombstone: the user's requests are refused from now on, and late events do not create the user again.
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

/// Deletes expired rows. Claims a few users that are still to be erased and returns them.
///
/// # Errors
/// Those of the database.
pub async fn sweep(db: &mut Unattended) -> Result<Vec<UserId>, DatabaseError> {
    let row = db
        .row(statements::DELETION_SWEEP, &[(&EXPIRED_ROWS_MAX, Type::INT8)])
        .await?
        .ok_or(DatabaseError::Answer("deletion_sweep.sql has one row"))?;
    let clerk_ids: Vec<&str> = column(&row, 0)?;
    Ok(clerk_ids.into_iter().map(UserId::from_clerk).collect())
}

/// A batch of the user's files, to be deleted from the file store.
///
/// # Errors
/// Those of the database.
pub async fn files(db: &mut Unattended, user: &UserId) -> Result<Vec<Uuid>, DatabaseError> {
    let row = db
        .row(
            statements::DELETION_FILES,
            &[(&user.key(), Type::UUID), (&BATCH_FILES_MAX, Type::INT8)],
        )
        .await?
        .ok_or(DatabaseError::Answer("deletion_files.sql has one row"))?;
    column(&row, 0)
}

/// Deletes the rows of files that are deleted from the file store.
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

/// Deletes a batch of replies, messages and empty conversations. False if none was left.
///
/// # Errors
/// Those of the database.
pub async fn conversations(db: &mut Unattended, user: &UserId) -> Result<bool, DatabaseError> {
    delete_batch(db, user, statements::DELETION_CONVERSATIONS).await
}

/// Deletes a batch of versions and personas without versions. False if none was left.
///
/// # Errors
/// Those of the database.
pub async fn personas(db: &mut Unattended, user: &UserId) -> Result<bool, DatabaseError> {
    delete_batch(db, user, statements::DELETION_PERSONAS).await
}

async fn delete_batch(
    db: &mut Unattended,
    user: &UserId,
    statement: statements::UnattendedStatement,
) -> Result<bool, DatabaseError> {
    let row = db
        .row(
            statement,
            &[(&user.key(), Type::UUID), (&BATCH_ROWS_MAX, Type::INT8)],
        )
        .await?
        .ok_or(DatabaseError::Answer("a batch has one row"))?;
    Ok(column::<i64>(&row, 0)? > 0)
}

/// Deletes the user's row, once no request admitted before the tombstone can be running.
///
/// # Errors
/// Those of the database.
pub async fn finish(db: &mut Unattended, user: &UserId) -> Result<(), DatabaseError> {
    db.run(statements::DELETION_FINISH, &[(&user.key(), Type::UUID)])
        .await
}
