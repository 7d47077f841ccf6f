//! Users, as copied from Clerk.

use tokio_postgres::types::Type;

use super::{Database, DatabaseError, Unattended, statements};
use crate::UserId;

/// A user's profile at Clerk.
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

/// Stores a profile, unless a newer one is stored or the user is deleted. A webhook's `delivery` is applied once, even
/// if it arrives several times.
///
/// # Errors
/// Those of the database.
pub async fn upsert(
    db: &mut Unattended,
    profile: &Profile,
    delivery: Option<&str>,
) -> Result<(), DatabaseError> {
    let id = UserId::from_clerk(&profile.clerk_id);
    db.run(
        statements::USERS_UPSERT,
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
    .await
}

/// The signed-in user as JSON of [`api::Me`].
///
/// # Errors
/// Those of the database.
pub async fn me(db: &mut Database) -> Result<String, DatabaseError> {
    db.text(statements::USERS_ME, &[])
        .await?
        .flatten()
        .ok_or(DatabaseError::Answer("users_me.sql has one row"))
}
