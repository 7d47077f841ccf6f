//! Users to start with, from a file: `{"users": [{"email": "jane+clerk_test@example.com"}]}`.

use std::path::Path;

use serde::Deserialize;

use crate::app::App;
use crate::bapi::add_user;
use crate::control::UserWish;

/// The seed cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error("the seed cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("the seed is not {{\"users\": [{{\"email\": …}}]}}: {0}")]
    Json(#[from] serde_json::Error),
    #[error("a user of the seed: {0}")]
    User(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    users: Vec<UserWish>,
}

/// Adds the users of a seed file; those whose address is known already are left alone.
///
/// # Errors
/// If the file cannot be read or a user in it has no usable address.
pub fn seed(app: &App, file: &Path) -> Result<(), SeedError> {
    let seed: Seed = serde_json::from_slice(&std::fs::read(file)?)?;
    app.change(|data| {
        for user in seed.users {
            match add_user(data, user.into(), crate::clock::now_ms()) {
                Ok(_) => {}
                Err(refusal) if refusal.code == "form_identifier_exists" => {}
                Err(refusal) => return Err(SeedError::User(refusal.long_message)),
            }
        }
        Ok(())
    })
}
