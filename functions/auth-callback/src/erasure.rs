//! Erases the data of deleted people in slices. Wherever it stops, the next webhook or scheduled run continues.

use edge::{
    Error, Files, Unattended, UserId,
    db::{deletion, files},
};

/// Slices after a webhook. They must fit into the 30 seconds that the runtime grants after a response.
pub const WEBHOOK_SLICES_MAX: u32 = 40;
/// Slices of a scheduled run.
const SCHEDULED_SLICES_MAX: u32 = 400;
/// Slices of unused pictures that a scheduled run deletes.
const COLLECTING_SLICES_MAX: u32 = 20;

/// The scheduled run: erases what the webhooks have left.
///
/// # Errors
/// Those of the database and of the file store. Nothing is lost: the next run begins where this one stopped.
pub async fn tidy(host: &impl Files) -> Result<(), Error> {
    let mut db = Unattended::new(host.connect().await?);
    sweep(host, &mut db, SCHEDULED_SLICES_MAX).await?;
    collect(host, &mut db).await
}

/// Deletes pictures that nothing has referred to for a day, the stored bytes first and the row second.
async fn collect(host: &impl Files, db: &mut Unattended) -> Result<(), Error> {
    for _ in 0..COLLECTING_SLICES_MAX {
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

/// Deletes expired rows and erases the data of deleted people, in at most `slices_max` slices.
///
/// # Errors
/// Those of the database and of the file store.
pub async fn sweep(host: &impl Files, db: &mut Unattended, slices_max: u32) -> Result<(), Error> {
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

/// Erases one slice: pictures first, then conversations, then personas. False if nothing is left.
async fn slice(host: &impl Files, db: &mut Unattended, user: &UserId) -> Result<bool, Error> {
    let stored = deletion::files(db, user).await?;
    if stored.is_empty() {
        return Ok(deletion::conversations(db, user).await? || deletion::personas(db, user).await?);
    }
    // The rows go last: without them the files in the store would not be found again.
    host.delete_files(stored.iter().map(|&id| edge::db::files::key(id)).collect())
        .await?;
    deletion::forget_files(db, user, &stored).await?;
    Ok(true)
}
