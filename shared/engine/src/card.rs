//! Character cards: the model of a persona, and a parser of card files.
//!
//! [`Card`] is the `data` of a character card V3. It is stored, edited, put into prompts, imported and exported.
//! Files are JSON, PNG and APNG chunks, and CHARX archives (also appended to a JPEG).
//!
//! Files are untrusted. The limits below are enforced while reading: nothing is inflated, nested or listed beyond
//! them. Known fields are read leniently, because many published cards need it. Everything else in the JSON is kept
//! unchanged. Nothing is fetched.

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

/// A picture that contains a card, in bytes.
pub const PNG_BYTES_MAX: usize = 20 * 1_048_576;
/// A card's JSON, in bytes.
pub const JSON_BYTES_MAX: usize = 5 * 1_048_576;
/// One inflated text chunk, in bytes: base64 of the largest JSON, with line breaks.
pub const TEXT_BYTES_MAX: usize = 8 * 1_048_576;
/// Entries of an archive.
pub const ARCHIVE_ENTRIES_MAX: usize = 512;
/// One inflated entry of an archive, in bytes.
pub const ENTRY_BYTES_MAX: usize = 10 * 1_048_576;
/// An archive, and all its inflated entries together, in bytes.
pub const ARCHIVE_BYTES_MAX: usize = 64 * 1_048_576;

/// An error of parsing a card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// A limit of this module is exceeded.
    #[error("The file is too large: {0}.")]
    TooLarge(&'static str),
    /// The container is invalid.
    #[error("The file is damaged: {0}.")]
    Damaged(&'static str),
    /// A valid picture or archive without a card.
    #[error("There is no character card in this file.")]
    NoCard,
    /// The card's text is not JSON.
    #[error("The card's text cannot be read.")]
    NotJson,
    /// Nesting exceeds [`api::limits::CARD_DEPTH_MAX`].
    #[error("The card is nested too deeply.")]
    TooDeep,
    /// JSON that is not a card.
    #[error("This is not a character card.")]
    NotACard,
}

/// The result of parsing a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// A character, or a standalone lorebook.
    pub content: Content,
    /// The card version of the file.
    pub version: Version,
    /// Assets of an archive.
    pub assets: Vec<Asset>,
    /// Problems to show to the user before the import.
    pub warnings: Vec<Warning>,
}

/// The content of a file.
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
    /// Six strings without an envelope.
    V1,
    /// `chara_card_v2`.
    V2,
    /// `chara_card_v3`.
    V3,
    /// The field names of Pygmalion's first interface.
    Pygmalion,
}

/// A problem that does not prevent the import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A later version of the specification than 3.0.
    NewerVersion(String),
    /// An unknown `spec`. Known fields were read.
    UnknownSpec(String),
    /// A known field has an unreadable value and was emptied.
    UnreadableField(&'static str),
    /// The archive has no file for this asset of the card.
    MissingAsset(String),
    /// The path of an archive entry leads outside of the archive. The entry was skipped.
    UnsafePath(String),
    /// The V3 chunk is invalid. The V2 chunk was read instead.
    BrokenV3Chunk,
}

/// Parses a card file. Its content decides the format, not its name.
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
