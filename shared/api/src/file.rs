//! Uploaded pictures.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[cfg(test)]
use crate::limits::{AVATAR_BYTES_MAX, AVATAR_SIDE_PX_MAX};

/// The response of `POST /api/files`, whose body is the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StoredFile {
    /// For [`crate::PersonaInput::avatar_id`].
    pub id: Uuid,
    /// `/api/files/<id>`, which needs no session. The file is immutable.
    pub url: String,
    /// `image/png`, `image/jpeg` or `image/webp`, detected from the content.
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
