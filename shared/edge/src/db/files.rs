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

/// Where a text names a stored file. JSON may escape the slashes.
const ADDRESSES: [&str; 2] = ["/api/files/", r"\/api\/files\/"];
/// Files that one card can name.
const NAMED_FILES_MAX: usize = 1_000;

/// The files whose addresses stand in a card.
fn named_in(card: &str) -> Vec<Uuid> {
    let behind = |address| card.split(address).skip(1);
    let ids = ADDRESSES.into_iter().flat_map(behind);
    ids.filter_map(|text| Uuid::try_parse(text.get(..36)?).ok())
        .take(NAMED_FILES_MAX)
        .collect()
}

/// Files that a card about to be stored names stay as long as the person does. A card that names none costs no flight.
///
/// # Errors
/// Those of the database.
pub(super) async fn keep_named(db: &mut Database, card: &str) -> Result<(), DatabaseError> {
    let ids = named_in(card);
    if ids.is_empty() {
        return Ok(());
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_names_files_by_their_addresses() {
        let id = "0199d2a0-0000-7000-8000-000000000001";
        for (card, count) in [
            (format!(r#"{{"a":"/api/files/{id}"}}"#), 1),
            (format!(r#"{{"a":"https:\/\/here\/api\/files\/{id}?x"}}"#), 1),
            (format!("/api/files/{id} /api/files/{id}"), 2),
            (id.to_owned(), 0),
            ("/api/files/0199".into(), 0),
            ("/api/files/äöü".into(), 0),
        ] {
            assert_eq!(named_in(&card).len(), count, "{card}");
        }
    }
}
