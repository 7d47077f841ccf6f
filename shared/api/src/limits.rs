//! The limits of the API. Each name contains the unit.
//!
//! The database repeats the limits of text as CHECKs. A contract test compares both by sending one character too many.

/// The stored JSON of a card. Nearly all published cards are smaller.
pub const CARD_JSON_BYTES_MAX: usize = 1_048_576;
/// The body of a request that stores a persona: a card and the other fields.
pub const PERSONA_JSON_BYTES_MAX: usize = CARD_JSON_BYTES_MAX + 16_384;
/// Nesting of arrays and objects in a card, with the card itself as the first level.
pub const CARD_DEPTH_MAX: usize = 64;
/// Entries of a card's lorebook.
pub const LORE_ENTRIES_MAX: usize = 3_000;
/// A persona's name in lists and as `{{char}}`. A longer name is stored in the card and truncated for these.
pub const NAME_CHARS_MAX: usize = 120;
/// The line under a persona's name.
pub const TAGLINE_CHARS_MAX: usize = 160;
/// Description, personality, scenario, example dialogue and the two instructions, each. The editor warns above it:
/// this is about 8,000 tokens, and more leaves little of the context for the conversation.
pub const DEFINITION_CHARS_MAX: usize = 32_000;
/// The persona's first message. The editor warns above it.
pub const GREETING_CHARS_MAX: usize = 8_000;
/// Tags in lists. Further tags are stored in the card only.
pub const TAGS_MAX: usize = 24;
/// A tag in lists. A longer tag is stored in the card and truncated for lists.
pub const TAG_CHARS_MAX: usize = 40;
/// A message of a user.
pub const MESSAGE_CHARS_MAX: usize = 16_000;
/// A reply. Larger than the output limit of current models, and small enough for a row.
pub const REPLY_BYTES_MAX: usize = 262_144;
/// A JSON request body, except on routes with their own limit.
pub const JSON_BYTES_MAX: usize = 1_048_576;
/// An uploaded avatar.
pub const AVATAR_BYTES_MAX: usize = 5 * 1_048_576;
/// Width or height of an avatar. Larger pictures can be decompression bombs.
pub const AVATAR_SIDE_PX_MAX: usize = 8_192;
/// Personas of a user, not counting deleted ones.
pub const PERSONAS_MAX: u32 = 5_000;
/// Conversations of a user, not counting deleted ones.
pub const CONVERSATIONS_MAX: u32 = 10_000;
/// Total size of a user's stored pictures.
pub const FILES_BYTES_MAX: u32 = 200 * 1_048_576;
/// Uploads of a user within 24 hours, including pictures deleted since.
pub const UPLOADS_A_DAY_MAX: u32 = 100;
/// Running replies of a user: several devices, each with several conversations.
pub const REPLIES_AT_ONCE_MAX: u32 = 32;
/// The preview of a conversation's newest message in lists.
pub const PREVIEW_CHARS_MAX: usize = 160;
/// Personas on a page.
pub const PERSONAS_PAGE: usize = 100;
/// Conversations on a page.
pub const CONVERSATIONS_PAGE: usize = 30;
/// Messages on a page of a conversation.
pub const MESSAGES_PAGE: usize = 50;
