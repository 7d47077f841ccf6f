//! CHARX: a zip archive with `card.json` at its root and the card's assets, possibly appended to a JPEG.

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder, ZipSliceArchive};
use serde_json::Value;

use super::{
    ARCHIVE_BYTES_MAX, ARCHIVE_ENTRIES_MAX, CardError, Content, ENTRY_BYTES_MAX, JSON_BYTES_MAX, Parsed,
    Warning, json,
};

const CARD: &str = "card.json";
/// The specification's spelling, and the correct one.
const URI_SCHEMES: [&str; 2] = ["embeded://", "embedded://"];

/// A file that the card refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// icon, background, user_icon, emotion, or x_….
    pub kind: String,
    /// `main`, or the emotion's name.
    pub name: String,
    /// The path in the archive.
    pub path: String,
    /// The content. Its type must be detected from the first bytes, not from the name.
    pub bytes: Vec<u8>,
}

pub(super) fn parse(file: &[u8]) -> Result<Parsed, CardError> {
    if file.len() > ARCHIVE_BYTES_MAX {
        return Err(CardError::TooLarge("more than 64 MiB of archive"));
    }
    let archive = ZipArchive::from_slice(file).map_err(|_| CardError::NoCard)?;
    let listing = Listing::read(&archive)?;
    let card = listing.find(CARD).ok_or(CardError::NoCard)?;
    let mut parsed = json::parse(&inflate(&archive, card, JSON_BYTES_MAX)?)?;
    parsed
        .warnings
        .extend(listing.unsafe_paths.iter().cloned().map(Warning::UnsafePath));
    let Content::Character(card) = &parsed.content else {
        return Ok(parsed);
    };
    let mut left = ARCHIVE_BYTES_MAX;
    for (kind, name, path) in card.assets().iter().filter_map(embedded) {
        match listing.find(&path) {
            None => parsed.warnings.push(Warning::MissingAsset(path)),
            Some(entry) => {
                let bytes = inflate(&archive, entry, ENTRY_BYTES_MAX.min(left))?;
                left = left.saturating_sub(bytes.len());
                parsed.assets.push(Asset {
                    kind,
                    name,
                    path,
                    bytes,
                });
            }
        }
    }
    Ok(parsed)
}

/// The entries of an archive, by safe path.
struct Listing {
    entries: Vec<(String, Entry)>,
    unsafe_paths: Vec<String>,
}

#[derive(Clone, Copy)]
struct Entry {
    at: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
}

impl Listing {
    fn read(archive: &ZipSliceArchive<&[u8]>) -> Result<Self, CardError> {
        let mut listing = Self {
            entries: Vec::new(),
            unsafe_paths: Vec::new(),
        };
        let mut entries = archive.entries();
        let mut count: usize = 0;
        let mut total: u64 = 0;
        while let Some(entry) = entries
            .next_entry()
            .map_err(|_| CardError::Damaged("the archive's list"))?
        {
            count = count.saturating_add(1);
            if count > ARCHIVE_ENTRIES_MAX {
                return Err(CardError::TooLarge("more than 512 files"));
            }
            // The claimed sizes are checked again during inflation.
            total = total.saturating_add(entry.uncompressed_size_hint());
            if exceeds(entry.uncompressed_size_hint(), ENTRY_BYTES_MAX) || exceeds(total, ARCHIVE_BYTES_MAX) {
                return Err(CardError::TooLarge("more than 10 MiB in a file or 64 MiB in all"));
            }
            if entry.flags().is_encrypted() {
                return Err(CardError::Damaged("the archive is encrypted"));
            }
            let raw = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
            if !is_safe(&raw) || entry.mode().is_symlink() {
                listing.unsafe_paths.push(raw.chars().take(200).collect());
            } else if !entry.is_dir() {
                let found = Entry {
                    at: entry.wayfinder(),
                    method: entry.compression_method(),
                };
                listing.entries.push((raw, found));
            }
        }
        Ok(listing)
    }

    fn find(&self, path: &str) -> Option<Entry> {
        self.entries
            .iter()
            .find(|(name, _)| name == path)
            .map(|(_, entry)| *entry)
    }
}

fn exceeds(claimed: u64, limit: usize) -> bool {
    usize::try_from(claimed).map_or(true, |claimed| claimed > limit)
}

/// Whether the path stays inside the archive on every operating system.
fn is_safe(path: &str) -> bool {
    !path.starts_with('/')
        && !path.contains(['\\', ':', '\0'])
        && !path.split('/').any(|part| part == ".." || part == ".")
}

fn inflate(archive: &ZipSliceArchive<&[u8]>, entry: Entry, limit: usize) -> Result<Vec<u8>, CardError> {
    let found = archive
        .get_entry(entry.at)
        .map_err(|_| CardError::Damaged("a file of the archive"))?;
    let data = found.data();
    let bytes = match entry.method {
        CompressionMethod::STORE if data.len() > limit => {
            return Err(CardError::TooLarge("a file of the archive"));
        }
        CompressionMethod::STORE => data.to_vec(),
        CompressionMethod::DEFLATE => decompress_to_vec_with_limit(data, limit).map_err(|error| {
            if error.status == TINFLStatus::HasMoreOutput {
                CardError::TooLarge("a file of the archive")
            } else {
                CardError::Damaged("a file of the archive")
            }
        })?,
        _ => return Err(CardError::Damaged("an unsupported compression method")),
    };
    Ok(bytes)
}

/// Kind, name and path of an asset in the archive.
fn embedded(asset: &Value) -> Option<(String, String, String)> {
    let text = |name| {
        asset
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let uri = text("uri");
    let path = URI_SCHEMES.iter().find_map(|scheme| uri.strip_prefix(scheme))?;
    Some((text("type"), text("name"), path.to_owned()))
}
