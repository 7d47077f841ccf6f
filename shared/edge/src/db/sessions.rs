//! Sessions that end before their tokens expire. Every statement of a caller checks them: see [`statements`].

use tokio_postgres::types::Type;

use super::{DatabaseError, Unattended, statements};

/// Revokes a session. Every function refuses its tokens from now on.
///
/// # Errors
/// Those of the database.
pub async fn revoke(db: &mut Unattended, delivery: &str, session_id: &str) -> Result<(), DatabaseError> {
    db.run(
        statements::SESSIONS_REVOKE,
        &[(&delivery, Type::TEXT), (&session_id, Type::TEXT)],
    )
    .await
}
