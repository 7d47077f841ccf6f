//! Sessions that Clerk has ended before their tokens expire. The question itself is asked by [`Database`].

use tokio_postgres::types::Type;

use super::{Database, DatabaseError};

/// Refuses a session from now on, on every function.
///
/// # Errors
/// Those of the database.
pub async fn revoke(db: &Database, delivery: &str, session_id: &str) -> Result<(), DatabaseError> {
    db.execute(
        include_str!("sql/sessions_revoke.sql"),
        &[(&delivery, Type::TEXT), (&session_id, Type::TEXT)],
    )
    .await?;
    Ok(())
}
