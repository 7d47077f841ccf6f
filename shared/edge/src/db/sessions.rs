//! Sessions that Clerk has ended before their tokens expire. The statements of a caller ask for them, see
//! [`statements`].

use tokio_postgres::types::Type;

use super::{DatabaseError, Unattended, statements};

/// Refuses a session from now on, on every function.
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
