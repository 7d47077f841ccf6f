//! Pictures that people upload.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[cfg(test)]
use crate::limits::{AVATAR_BYTES_MAX, AVATAR_SIDE_PX_MAX};

/// The answer to `POST /api/files` (the body is the picture itself).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StoredFile {
    /// Goes into [`crate::PersonaInput::avatar_id`].
    pub id: Uuid,
    /// Where anyone who knows it may read it: `/api/files/<id>`, immutable.
    pub url: String,
    /// `image/png`, `image/jpeg` or `image/webp`, by content.
    #[cfg_attr(test, schemars(extend("enum" = ["image/png", "image/jpeg", "image/webp"])))]
    pub mime: String,
    /// Size in bytes.
    #[cfg_attr(test, schemars(range(min = 1, max = AVATAR_BYTES_MAX)))]
    pub bytes: u32,
    /// Pixels.
    #[cfg_attr(test, schemars(range(min = 1, max = AVATAR_SIDE_PX_MAX)))]
    pub width: u32,
    /// Pixels.
    #[cfg_attr(test, schemars(range(min = 1, max = AVATAR_SIDE_PX_MAX)))]
    pub height: u32,
}
