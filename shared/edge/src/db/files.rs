//! What people uploaded. The bytes are in the file store.

use api::limits::{FILES_BYTES_MAX, UPLOADS_A_DAY_MAX};
use tokio_postgres::{Row, types::Type};
use uuid::Uuid;

use super::{Database, DatabaseError, Unattended, column, statements};
use crate::Reset;

/// Unused files that one slice takes: the store deletes at most 1000 in one call.
const UNUSED_FILES_MAX: i64 = 100;

/// The file store's key of an uploaded file.
pub fn key(id: Uuid) -> String {
    format!("files/{id}")
}

/// Whether there is room for an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Room {
    /// There is.
    Left,
    /// It would pass [`FILES_BYTES_MAX`].
    Full,
    /// The person has uploaded [`UPLOADS_A_DAY_MAX`] within 24 hours.
    TooMany(Reset),
}

impl Room {
    fn of(row: Option<Row>) -> Result<Self, DatabaseError> {
        let row = row.ok_or(DatabaseError::Answer("there is room for a file or there is none"))?;
        if let Some(at) = column::<Option<String>>(&row, 1)? {
            let after_s = u32::try_from(column::<i32>(&row, 2)?).unwrap_or(0);
            return Ok(Self::TooMany(Reset { at, after_s }));
        }
        Ok(if column(&row, 0)? { Self::Full } else { Self::Left })
    }
}

/// Whether there is room for so many bytes more. [`insert`] judges again, together with what other requests do.
///
/// # Errors
/// Those of the database.
pub async fn room(db: &mut Database, bytes: u32) -> Result<Room, DatabaseError> {
    let row = db
        .row(
            statements::FILES_ROOM,
            &[
                (&i64::from(bytes), Type::INT8),
                (&i64::from(FILES_BYTES_MAX), Type::INT8),
                (&i64::from(UPLOADS_A_DAY_MAX), Type::INT8),
            ],
        )
        .await?;
    Room::of(row)
}

/// Records a stored file as the person's, if there is room for it.
///
/// # Errors
/// Those of the database.
pub async fn insert(db: &mut Database, file: &api::StoredFile) -> Result<Room, DatabaseError> {
    let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
    let row = db
        .row(
            statements::FILES_INSERT,
            &[
                (&file.id, Type::UUID),
                (&file.mime, Type::TEXT),
                (&i64::from(file.bytes), Type::INT8),
                (&number(file.width), Type::INT4),
                (&number(file.height), Type::INT4),
                (&i64::from(FILES_BYTES_MAX), Type::INT8),
                (&i64::from(UPLOADS_A_DAY_MAX), Type::INT8),
            ],
        )
        .await?;
    Room::of(row)
}

/// Files that a card is about to name. They stay as long as the person does.
///
/// # Errors
/// Those of the database.
pub async fn name(db: &mut Database, ids: &[Uuid]) -> Result<(), DatabaseError> {
    db.is_found(statements::FILES_NAME, &[(&ids, Type::UUID_ARRAY)])
        .await
        .map(drop)
}

/// Some of the files that nothing has referred to for a day, for the store to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unused {
    /// What to delete, and then to [`forget`].
    pub ids: Vec<Uuid>,
    /// Whether a further slice may find more.
    pub has_more: bool,
}

/// Looks at a slice of the files that may be unused.
///
/// # Errors
/// Those of the database.
pub async fn unused(db: &mut Unattended) -> Result<Unused, DatabaseError> {
    let row = db
        .row(statements::FILES_UNUSED, &[(&UNUSED_FILES_MAX, Type::INT8)])
        .await?
        .ok_or(DatabaseError::Answer("files_unused.sql has one row"))?;
    Ok(Unused {
        ids: column(&row, 0)?,
        has_more: column::<i64>(&row, 1)? == UNUSED_FILES_MAX,
    })
}

/// Forgets files that the store has deleted.
///
/// # Errors
/// Those of the database.
pub async fn forget(db: &mut Unattended, ids: &[Uuid]) -> Result<(), DatabaseError> {
    db.run(statements::FILES_UNUSED_FORGET, &[(&ids, Type::UUID_ARRAY)])
        .await
}
