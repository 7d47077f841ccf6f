//! Character cards: the one model of a persona, and how it is read from files.
//!
//! [`Card`] is the `data` of a character card V3. It is what is stored, edited, put into a prompt, imported
//! and exported. Files are JSON, PNG and APNG chunks, and CHARX archives (also behind a JPEG).
//!
//! A file is hostile until it is parsed under the limits below, which hold while reading: nothing
//! is inflated, nested or listed beyond them. Fields are read leniently, as cards in the wild need
//! it; everything else in the JSON is kept as it is. Nothing is fetched.

mod archive;
mod data;
mod file;
mod json;
mod object;
mod png;
#[cfg(test)]
mod tests;
mod text;

pub use api::card::field;
pub use archive::Asset;
pub use data::Card;

/// A picture with a card inside, in bytes.
pub const PNG_BYTES_MAX: usize = 20 * 1_048_576;
/// A card's JSON, in bytes.
pub const JSON_BYTES_MAX: usize = 5 * 1_048_576;
/// One text chunk after inflating: base64 of the largest JSON, and some line ends.
pub const TEXT_BYTES_MAX: usize = 8 * 1_048_576;
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
    /// The card's text is not JSON.
    #[error("The card's text cannot be read.")]
    NotJson,
    /// More than [`api::limits::CARD_DEPTH_MAX`] arrays and objects inside each other.
    #[error("The card is nested too deeply.")]
    TooDeep,
    /// JSON of something else.
    #[error("This is not a character card.")]
    NotACard,
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// A character, or a lorebook of its own.
    pub content: Content,
    /// The version of cards that the file belongs to.
    pub version: Version,
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

/// A version of character cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Six strings.
    V1,
    /// `chara_card_v2`.
    V2,
    /// `chara_card_v3`.
    V3,
    /// The names of Pygmalion's first interface.
    Pygmalion,
}

/// Something out of order that does not stop the import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// Made for a later version of the specification than 3.0.
    NewerVersion(String),
    /// A `spec` that this does not know; the card was read as far as its fields are known.
    UnknownSpec(String),
    /// A known field holds what cannot be read, and was emptied.
    UnreadableField(&'static str),
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
