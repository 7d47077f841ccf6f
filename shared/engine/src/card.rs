//! Character cards out of files: JSON, PNG and APNG chunks, CHARX archives (also behind a JPEG).
//!
//! A file is hostile until it is parsed under the limits below, which hold while reading: nothing
//! is inflated, nested or listed beyond them. Fields are read leniently, as cards in the wild need
//! it; the JSON itself is kept word for word, so that no unknown field is lost. Nothing is fetched.

mod archive;
mod fields;
mod json;
mod png;
#[cfg(test)]
mod tests;

pub use archive::Asset;
pub use fields::{Card, Version};

/// A picture with a card inside, in bytes.
pub const PNG_BYTES_MAX: usize = 20 * 1_048_576;
/// A card's JSON, in bytes.
pub const JSON_BYTES_MAX: usize = 5 * 1_048_576;
/// One text chunk after inflating: base64 of the largest JSON, and some line ends.
pub const TEXT_BYTES_MAX: usize = 8 * 1_048_576;
/// Arrays and objects inside each other.
pub const JSON_DEPTH_MAX: usize = 64;
/// Entries of an archive.
pub const ARCHIVE_ENTRIES_MAX: usize = 512;
/// One entry of an archive after inflating, in bytes.
pub const ENTRY_BYTES_MAX: usize = 10 * 1_048_576;
/// An archive, and all its entries after inflating, in bytes.
pub const ARCHIVE_BYTES_MAX: usize = 64 * 1_048_576;

/// Why a file is no card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// Something is beyond the limits of this module.
    #[error("The file is too large: {0}.")]
    TooLarge(&'static str),
    /// The container is broken.
    #[error("The file is damaged: {0}.")]
    Damaged(&'static str),
    /// A sound picture or archive without a card.
    #[error("There is no character card in this file.")]
    NoCard,
    /// The card's text is not JSON, or nested too deeply.
    #[error("The card's text cannot be read.")]
    NotJson,
    /// JSON of something else.
    #[error("This is not a character card.")]
    NotACard,
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// A character, or a lorebook of its own.
    pub content: Content,
    /// The JSON, word for word.
    pub source: String,
    /// What came along in an archive.
    pub assets: Vec<Asset>,
    /// What a person should know before they save it.
    pub warnings: Vec<Warning>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A character.
    Character(Box<Card>),
    /// A lorebook file (`lorebook_v3`): its `data`.
    Lorebook(serde_json::Value),
}

/// Something out of order that does not stop the import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// Made for a later version of the specification than 3.0.
    NewerVersion(String),
    /// A `spec` that nobody knows, read as well as it goes.
    UnknownSpec(String),
    /// The card names a file that the archive does not have.
    MissingAsset(String),
    /// The archive has an entry whose path leads outside; it was passed over.
    UnsafePath(String),
    /// The card in the newer chunk was broken; this is the older one.
    BrokenV3Chunk,
}

/// Reads a card from a file, whatever its name says it is.
///
/// # Errors
/// See [`CardError`].
pub fn parse(file: &[u8]) -> Result<Parsed, CardError> {
    if file.starts_with(png::SIGNATURE) {
        return png::parse(file);
    }
    if file.starts_with(b"PK\x03\x04") || file.starts_with(b"\xff\xd8\xff") {
        return archive::parse(file);
    }
    if file.len() > JSON_BYTES_MAX {
        return Err(CardError::TooLarge("more than 5 MiB of JSON"));
    }
    json::parse(file)
}
