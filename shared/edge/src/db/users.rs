//! People, as Clerk knows them.

use tokio_postgres::types::Type;

use super::{Database, DatabaseError};
use crate::UserId;

/// What Clerk says of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Clerk's id.
    pub clerk_id: String,
    /// First and last name, possibly empty.
    pub name: String,
    /// The primary address.
    pub email: Option<String>,
    /// The account's picture.
    pub picture_url: Option<String>,
    /// When Clerk last changed the account, in ms since 1970.
    pub updated_at_ms: i64,
}

/// Writes what Clerk says, unless something newer is there or the person has left. What came with a webhook's
/// `delivery` is written once, however often it is delivered.
///
/// # Errors
/// Those of the database.
pub async fn upsert(db: &Database, profile: &Profile, delivery: Option<&str>) -> Result<(), DatabaseError> {
    let id = UserId::from_clerk(&profile.clerk_id);
    db.execute(
        include_str!("sql/users_upsert.sql"),
        &[
            (&id.key(), Type::UUID),
            (&profile.clerk_id, Type::TEXT),
            (&profile.name, Type::TEXT),
            (&profile.email, Type::TEXT),
            (&profile.picture_url, Type::TEXT),
            (&profile.updated_at_ms, Type::INT8),
            (&delivery, Type::TEXT),
        ],
    )
    .await?;
    Ok(())
}

/// The signed-in person as JSON of [`api::Me`].
///
/// # Errors
/// Those of the database.
pub async fn me(db: &Database, user: &UserId) -> Result<String, DatabaseError> {
    db.text(
        include_str!("sql/users_me.sql"),
        &[(&user.key(), Type::UUID), (&user.clerk_id(), Type::TEXT)],
    )
    .await?
    .ok_or(DatabaseError::Answer("users_me.sql has one row"))
}
