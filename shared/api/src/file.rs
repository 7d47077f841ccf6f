//! Pictures that people upload.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The answer to `POST /api/files` (the body is the picture itself).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StoredFile {
    /// Goes into [`crate::PersonaInput::avatar_id`].
    pub id: Uuid,
    /// Where anyone who knows it may read it: `/api/files/<id>`, immutable.
    pub url: String,
    /// `image/png`, `image/jpeg` or `image/webp`, by content.
    pub mime: String,
    /// Size in bytes.
    pub bytes: u32,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}
