//! What people uploaded. The bytes are in the file store.

use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{Database, DatabaseError};
use crate::UserId;

/// The file store's key of an uploaded file.
pub fn key(id: Uuid) -> String {
    format!("files/{id}")
}

/// Records a stored file as the person's.
///
/// # Errors
/// Those of the database.
pub async fn insert(db: &Database, user: &UserId, file: &api::StoredFile) -> Result<(), DatabaseError> {
    let number = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
    db.execute(
        include_str!("sql/files_insert.sql"),
        &[
            (&user.key(), Type::UUID),
            (&user.clerk_id(), Type::TEXT),
            (&file.id, Type::UUID),
            (&file.mime, Type::TEXT),
            (&number(file.bytes), Type::INT4),
            (&number(file.width), Type::INT4),
            (&number(file.height), Type::INT4),
        ],
    )
    .await?;
    Ok(())
}
