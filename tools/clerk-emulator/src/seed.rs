//! Initial users from a file: `{"users": [{"email": "jane+clerk_test@example.com"}]}`.

use std::path::Path;

use serde::Deserialize;

use crate::app::App;
use crate::bapi::add_user;
use crate::control::CreateUserBody;

/// A seed file could not be applied.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error("failed to read the seed file: {0}")]
    Io(#[from] std::io::Error),
    #[error("the seed file must contain {{\"users\": [{{\"email\": …}}]}}: {0}")]
    Json(#[from] serde_json::Error),
    #[error("invalid user in the seed file: {0}")]
    User(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    users: Vec<CreateUserBody>,
}

/// Creates the users of a seed file. Users whose address exists already are skipped.
///
/// # Errors
/// If the file cannot be read or a user has an invalid address.
pub fn seed(app: &App, file: &Path) -> Result<(), SeedError> {
    let seed: Seed = serde_json::from_slice(&std::fs::read(file)?)?;
    app.update(|data| {
        for user in seed.users {
            match add_user(data, user.into(), crate::clock::now_ms()) {
                Ok(_) => {}
                Err(error) if error.code == "form_identifier_exists" => {}
                Err(error) => return Err(SeedError::User(error.long_message)),
            }
        }
        Ok(())
    })
}
