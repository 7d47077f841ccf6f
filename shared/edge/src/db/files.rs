//! Uploaded files. Their bytes are in the file store.

use api::limits::{FILES_BYTES_MAX, UPLOADS_A_DAY_MAX};
use tokio_postgres::{Row, types::Type};
use uuid::Uuid;

use super::{Database, DatabaseError, Unattended, column, statements};
use crate::Reset;

/// Unused files in one batch. The store deletes at most 1000 in one call.
const UNUSED_FILES_MAX: i64 = 100;

/// The file store's key of an uploaded file.
pub fn key(id: Uuid) -> String {
    format!("files/{id}")
}

/// Whether an upload is within the user's limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quota {
    /// It is.
    Available,
    /// It would exceed [`FILES_BYTES_MAX`].
    StorageFull,
    /// The user has uploaded [`UPLOADS_A_DAY_MAX`] files within 24 hours.
    TooManyUploads(Reset),
}

impl Quota {
    fn of(row: Option<Row>) -> Result<Self, DatabaseError> {
        let row = row.ok_or(DatabaseError::Answer("a check of limits has one row"))?;
        if let Some(at) = column::<Option<String>>(&row, 1)? {
            let after_s = u32::try_from(column::<i32>(&row, 2)?).unwrap_or(0);
            return Ok(Self::TooManyUploads(Reset { at, after_s }));
        }
        Ok(if column(&row, 0)? {
            Self::StorageFull
        } else {
            Self::Available
        })
    }
}

/// Whether an upload of `bytes` is within the limits. [`insert`] checks again, atomically.
///
/// # Errors
/// Those of the database.
pub async fn quota(db: &mut Database, bytes: u32) -> Result<Quota, DatabaseError> {
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
    Quota::of(row)
}

/// Inserts the row of a stored file, if it is within the limits.
///
/// # Errors
/// Those of the database.
pub async fn insert(db: &mut Database, file: &api::StoredFile) -> Result<Quota, DatabaseError> {
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
    Quota::of(row)
}

/// URL prefixes of stored files in JSON, which may escape slashes.
const URL_PREFIXES: [&str; 2] = ["/api/files/", r"\/api\/files\/"];
/// Limit of files that are found in one card.
const CARD_FILES_MAX: usize = 1_000;

/// The files whose URLs a card contains.
fn files_in(card: &str) -> Vec<Uuid> {
    let after = |prefix| card.split(prefix).skip(1);
    let ids = URL_PREFIXES.into_iter().flat_map(after);
    ids.filter_map(|text| Uuid::try_parse(text.get(..36)?).ok())
        .take(CARD_FILES_MAX)
        .collect()
}

/// Keeps the files whose URLs a card contains for as long as the user exists. Called before the card is stored. Without
/// such URLs it runs no statement.
///
/// # Errors
/// Those of the database.
pub(super) async fn keep_files_in(db: &mut Database, card: &str) -> Result<(), DatabaseError> {
    let ids = files_in(card);
    if ids.is_empty() {
        return Ok(());
    }
    db.is_found(statements::FILES_NAME, &[(&ids, Type::UUID_ARRAY)])
        .await
        .map(drop)
}

/// A batch of files that have been unused for a day, to be deleted from the file store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unused {
    /// Files to delete from the store, then with [`forget`].
    pub ids: Vec<Uuid>,
    /// Whether another batch may find more.
    pub has_more: bool,
}

/// Checks a batch of the files that may be unused.
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

/// Deletes the rows of files that are deleted from the file store.
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
    fn files_in_a_card_are_found_by_their_urls() {
        let id = "0199d2a0-0000-7000-8000-000000000001";
        for (card, count) in [
            (format!(r#"{{"a":"/api/files/{id}"}}"#), 1),
            (format!(r#"{{"a":"https:\/\/here\/api\/files\/{id}?x"}}"#), 1),
            (format!("/api/files/{id} /api/files/{id}"), 2),
            (id.to_owned(), 0),
            ("/api/files/0199".into(), 0),
            ("/api/files/äöü".into(), 0),
        ] {
            assert_eq!(files_in(&card).len(), count, "{card}");
        }
    }
}
