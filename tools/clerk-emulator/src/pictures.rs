//! Pictures of users: the uploaded one, or else generated initials.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::api_error::ApiError;
use crate::app::App;
use crate::state::User;

/// The signatures of the accepted formats.
const KINDS: [(&[u8], &str); 4] = [
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"RIFF", "image/webp"),
    (b"GIF8", "image/gif"),
];
const PROVIDER: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"10\" fill=\"none\" stroke=\"#4285f4\" stroke-width=\"3\"/><path d=\"M12 12h9\" stroke=\"#4285f4\" stroke-width=\"3\"/></svg>";

/// `GET /avatars/{user id}`.
pub fn routes() -> Router<App> {
    Router::new().route("/avatars/{id}", get(read))
}

/// The media type of a picture, by its content.
pub fn kind(bytes: &[u8]) -> Option<&'static str> {
    KINDS
        .into_iter()
        .find(|(mark, _)| bytes.starts_with(mark))
        .map(|(_, kind)| kind)
}

/// Stores a user's picture.
///
/// # Errors
/// If it cannot be written.
pub fn store(app: &App, user_id: &str, bytes: &[u8]) -> Result<(), ApiError> {
    crate::state::replace(&app.store.image_path(user_id), bytes).map_err(|error| {
        eprintln!("clerk-emulator: failed to store a picture: {error}");
        ApiError::new(500, "internal_clerk_error", "The picture could not be stored.")
    })
}

/// Removes a user's picture, if there is one.
pub fn remove(app: &App, user_id: &str) {
    if let Err(error) = std::fs::remove_file(app.store.image_path(user_id))
        && error.kind() != std::io::ErrorKind::NotFound
    {
        eprintln!("clerk-emulator: failed to remove a picture: {error}");
    }
}

async fn read(State(app): State<App>, Path(id): Path<String>) -> Response {
    if id == "provider-google" {
        return svg(PROVIDER.to_owned());
    }
    // Only ids of existing users are used in file names.
    let user = app.store.lock().users.get(&id).cloned();
    let Some(user) = user else {
        return ApiError::not_found().into_response();
    };
    let Some(kind) = user.image_type.clone() else {
        return svg(initials(&user));
    };
    match std::fs::read(app.store.image_path(&user.id)) {
        Ok(bytes) => (
            [(header::CONTENT_TYPE, kind)],
            [(header::CACHE_CONTROL, "private, max-age=60")],
            bytes,
        )
            .into_response(),
        Err(_) => svg(initials(&user)),
    }
}

fn svg(text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "private, max-age=60"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ];
    (headers, text).into_response()
}

fn initials(user: &User) -> String {
    let names = [user.first_name.as_deref(), user.last_name.as_deref()];
    let mut letters: String = names
        .into_iter()
        .flatten()
        .filter_map(|name| name.chars().next())
        .collect();
    if letters.is_empty() {
        letters = user
            .identifier()
            .chars()
            .find(|c| c.is_alphanumeric())
            .into_iter()
            .collect();
    }
    letters.retain(char::is_alphanumeric);
    let hue = user
        .id
        .bytes()
        .fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
        % 360;
    let letters = letters.to_uppercase();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 80 80\"><rect width=\"80\" height=\"80\" fill=\"hsl({hue} 45% 45%)\"/><text x=\"40\" y=\"41\" fill=\"#fff\" font-family=\"sans-serif\" font-size=\"32\" text-anchor=\"middle\" dominant-baseline=\"central\">{letters}</text></svg>"
    )
}
