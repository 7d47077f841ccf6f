//! Erases the data of deleted users in batches. The next webhook or scheduled run continues an unfinished erasure.

use edge::{
    Error, Files, Unattended, UserId,
    db::{deletion, files},
};

/// Batches after a webhook. They must fit into the 30 seconds that the runtime allows after a response.
pub const WEBHOOK_BATCHES_MAX: u32 = 40;
/// Batches of a scheduled run.
const SCHEDULED_BATCHES_MAX: u32 = 400;
/// Batches of unused pictures in a scheduled run.
const UNUSED_FILES_BATCHES_MAX: u32 = 20;

/// The scheduled run: continues erasures and deletes unused pictures.
///
/// # Errors
/// Those of the database and of the file store. The next run continues.
pub async fn tidy(host: &impl Files) -> Result<(), Error> {
    let mut db = Unattended::new(host.connect().await?);
    sweep(host, &mut db, SCHEDULED_BATCHES_MAX).await?;
    delete_unused_files(host, &mut db).await
}

/// Deletes pictures that have been unused for a day: first the bytes, then the row.
async fn delete_unused_files(host: &impl Files, db: &mut Unattended) -> Result<(), Error> {
    for _ in 0..UNUSED_FILES_BATCHES_MAX {
        let unused = files::unused(db).await?;
        if !unused.ids.is_empty() {
            host.delete_files(unused.ids.iter().map(|&id| files::key(id)).collect())
                .await?;
            files::forget(db, &unused.ids).await?;
        }
        if !unused.has_more {
            break;
        }
    }
    Ok(())
}

/// Deletes expired rows and erases the data of deleted users, in at most `batches_max` batches.
///
/// # Errors
/// Those of the database and of the file store.
pub async fn sweep(host: &impl Files, db: &mut Unattended, batches_max: u32) -> Result<(), Error> {
    let mut batches_left = batches_max;
    for user in deletion::sweep(db).await? {
        while erase_batch(host, db, &user).await? {
            batches_left = batches_left.saturating_sub(1);
            if batches_left == 0 {
                return Ok(());
            }
        }
        deletion::finish(db, &user).await?;
    }
    Ok(())
}

/// Erases one batch: pictures first, then conversations, then personas. False if nothing is left.
async fn erase_batch(host: &impl Files, db: &mut Unattended, user: &UserId) -> Result<bool, Error> {
    let stored = deletion::files(db, user).await?;
    if stored.is_empty() {
        return Ok(deletion::conversations(db, user).await? || deletion::personas(db, user).await?);
    }
    // The rows are deleted last, because only they refer to the files in the store.
    host.delete_files(stored.iter().map(|&id| edge::db::files::key(id)).collect())
        .await?;
    deletion::forget_files(db, user, &stored).await?;
    Ok(true)
}
