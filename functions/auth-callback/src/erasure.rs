//! Erasing people who left, a slice at a time. Wherever it stops, the next webhook or the next scheduled run goes on.

use edge::{Database, Error, Files, UserId, db::deletion};

/// Slices after a webhook: they must fit into the half minute that a runtime grants after an answer.
pub const WEBHOOK_SLICES_MAX: u32 = 40;
/// Slices of a scheduled run.
const SCHEDULED_SLICES_MAX: u32 = 400;

/// The scheduled run: what webhooks have left over.
///
/// # Errors
/// Those of the database and of the file store. Nothing is lost: the next run begins where this one stopped.
pub async fn tidy(host: &impl Files) -> Result<(), Error> {
    let db = Database::unattended(host.connect().await?);
    sweep(host, &db, SCHEDULED_SLICES_MAX).await
}

/// Forgets what is old and erases what people left behind, in at most so many slices.
///
/// # Errors
/// Those of the database and of the file store.
pub async fn sweep(host: &impl Files, db: &Database, slices_max: u32) -> Result<(), Error> {
    let mut slices_left = slices_max;
    for user in deletion::sweep(db).await? {
        while slice(host, db, &user).await? {
            slices_left = slices_left.saturating_sub(1);
            if slices_left == 0 {
                return Ok(());
            }
        }
        deletion::finish(db, &user).await?;
    }
    Ok(())
}

/// Erases a slice of what is there first: pictures, what was said, personas. False where nothing is left.
async fn slice(host: &impl Files, db: &Database, user: &UserId) -> Result<bool, Error> {
    let files = deletion::files(db, user).await?;
    if files.is_empty() {
        return Ok(deletion::conversations(db, user).await? || deletion::personas(db, user).await?);
    }
    // The rows go last: they are what says that there is something in the store.
    host.delete_files(files.iter().map(|&id| edge::db::files::key(id)).collect())
        .await?;
    deletion::forget_files(db, user, &files).await?;
    Ok(true)
}
