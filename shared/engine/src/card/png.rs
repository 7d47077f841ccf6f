//! Cards in the text chunks of PNG and APNG files: `ccv3`, otherwise `chara`.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::{CardError, PNG_BYTES_MAX, Parsed, TEXT_BYTES_MAX, Warning, json};

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Published cards have padding or not, and some have nonzero trailing bits.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn parse(file: &[u8]) -> Result<Parsed, CardError> {
    if file.len() > PNG_BYTES_MAX {
        return Err(CardError::TooLarge("more than 20 MiB of picture"));
    }
    let chunks = Chunks::find(file)?;
    match (chunks.v3, chunks.v2) {
        (Some(v3), older) => match (read(v3), older) {
            (
                Err(CardError::NotJson | CardError::TooDeep | CardError::NotACard | CardError::Damaged(_)),
                Some(v2),
            ) => {
                let mut parsed = read(v2)?;
                parsed.warnings.push(Warning::BrokenV3Chunk);
                Ok(parsed)
            }
            (read, _) => read,
        },
        (None, Some(v2)) => read(v2),
        (None, None) => Err(CardError::NoCard),
    }
}

fn read(text: Text<'_>) -> Result<Parsed, CardError> {
    let text = text.decode()?;
    if text.trim_ascii_start().starts_with(b"{") {
        return json::parse(&text);
    }
    // Some programs wrap lines at 76 columns.
    let compact: Vec<u8> = text
        .into_iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let card = BASE64
        .decode(compact)
        .map_err(|_| CardError::Damaged("the card is not base64"))?;
    json::parse(&card)
}

/// The text of a chunk, as encoded in the file.
#[derive(Clone, Copy)]
enum Text<'a> {
    Plain(&'a [u8]),
    Deflated(&'a [u8]),
}

impl Text<'_> {
    fn decode(self) -> Result<Vec<u8>, CardError> {
        match self {
            Self::Plain(text) if text.len() > TEXT_BYTES_MAX => Err(TOO_MUCH_TEXT),
            Self::Plain(text) => Ok(text.to_vec()),
            Self::Deflated(text) => {
                decompress_to_vec_zlib_with_limit(text, TEXT_BYTES_MAX).map_err(|error| {
                    if error.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput {
                        TOO_MUCH_TEXT
                    } else {
                        CardError::Damaged("a text chunk cannot be inflated")
                    }
                })
            }
        }
    }
}

const TOO_MUCH_TEXT: CardError = CardError::TooLarge("more than 8 MiB of text");

/// The texts that can contain a card. The first of several with the same keyword counts.
#[derive(Default)]
struct Chunks<'a> {
    v2: Option<Text<'a>>,
    v3: Option<Text<'a>>,
}

impl<'a> Chunks<'a> {
    /// Reads the chunks up to IEND. Checksums are not verified: the card's encoding and JSON are checked anyway.
    fn find(file: &'a [u8]) -> Result<Self, CardError> {
        let mut found = Self::default();
        let mut rest = file.get(SIGNATURE.len()..).unwrap_or_default();
        loop {
            let (kind, data, after) = chunk(rest).ok_or(CardError::Damaged("a chunk is cut off"))?;
            if kind == b"IEND" {
                return Ok(found);
            }
            if let Some((keyword, text)) = text(kind, data) {
                if keyword.eq_ignore_ascii_case(b"ccv3") {
                    found.v3 = found.v3.or(Some(text));
                } else if keyword.eq_ignore_ascii_case(b"chara") {
                    found.v2 = found.v2.or(Some(text));
                }
            }
            rest = after;
        }
    }
}

/// Type, data and the remaining bytes.
fn chunk(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (kind, rest) = rest.split_at_checked(4)?;
    let (data, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    let (_checksum, rest) = rest.split_at_checked(4)?;
    Some((kind, data, rest))
}

/// Keyword and text of tEXt, zTXt and iTXt (PNG, third edition, 11.3.3).
fn text<'a>(kind: &[u8], data: &'a [u8]) -> Option<(&'a [u8], Text<'a>)> {
    let (keyword, rest) = split_at_nul(data)?;
    let text = match kind {
        b"tEXt" => Text::Plain(rest),
        b"zTXt" => Text::Deflated(rest.get(1..)?),
        b"iTXt" => {
            let (flags, rest) = rest.split_at_checked(2)?;
            let (_language, rest) = split_at_nul(rest)?;
            let (_translated, text) = split_at_nul(rest)?;
            if flags.first() == Some(&1) {
                Text::Deflated(text)
            } else {
                Text::Plain(text)
            }
        }
        _ => return None,
    };
    Some((keyword, text))
}

fn split_at_nul(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == 0)?;
    Some((bytes.get(..at)?, bytes.get(at.saturating_add(1)..)?))
}
