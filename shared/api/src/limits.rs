//! Every limit on what a person may type, send or keep, with its unit last in its name.
//!
//! The database repeats the text limits as CHECKs; a contract test compares them by
//! sending one character too many.

/// A card's JSON, as it is stored. Larger than nearly every card in the wild, small enough for a row.
pub const CARD_JSON_BYTES_MAX: usize = 1_048_576;
/// The body of a request that stores a persona: the largest card, and room for the other fields.
pub const PERSONA_JSON_BYTES_MAX: usize = CARD_JSON_BYTES_MAX + 16_384;
/// Arrays and objects inside each other in a card; the card itself is the first.
pub const CARD_DEPTH_MAX: usize = 64;
/// Entries of a card's lorebook.
pub const LORE_ENTRIES_MAX: usize = 3_000;
/// A persona's name as lists show it, and as `{{char}}` is filled in: long enough for a full name with titles.
/// A longer one stays in the card and is shortened there.
pub const NAME_CHARS_MAX: usize = 120;
/// The line under a persona's name.
pub const TAGLINE_CHARS_MAX: usize = 160;
/// Description, personality, scenario, example dialogue and the two instructions, each: the editor warns
/// beyond it. Such a text weighs about 8,000 tokens: more would leave no room for talk.
pub const DEFINITION_CHARS_MAX: usize = 32_000;
/// The persona's first message: the editor warns beyond it.
pub const GREETING_CHARS_MAX: usize = 8_000;
/// How many tags lists show. Further ones stay in the card.
pub const TAGS_MAX: usize = 24;
/// One tag as lists show it. A longer one stays in the card and is shortened there.
pub const TAG_CHARS_MAX: usize = 40;
/// One message that a person sends.
pub const MESSAGE_CHARS_MAX: usize = 16_000;
/// One reply: generous for any model, small enough for a row.
pub const REPLY_BYTES_MAX: usize = 262_144;
/// A JSON request body on any route that does not say otherwise.
pub const JSON_BYTES_MAX: usize = 1_048_576;
/// An avatar before it is stored.
pub const AVATAR_BYTES_MAX: usize = 5 * 1_048_576;
/// Width or height of an avatar; larger pictures are bombs or mistakes.
pub const AVATAR_SIDE_PX_MAX: usize = 8_192;
/// Personas of one person, deleted ones aside: more than anybody makes by hand.
pub const PERSONAS_MAX: u32 = 5_000;
/// Conversations of one person, deleted ones aside.
pub const CONVERSATIONS_MAX: u32 = 10_000;
/// Stored pictures of one person together.
pub const FILES_BYTES_MAX: u32 = 200 * 1_048_576;
/// Pictures that one person may upload within 24 hours, whether they are kept or not.
pub const UPLOADS_A_DAY_MAX: u32 = 100;
/// Replies being written for one person at the same time: several devices, each with several conversations.
pub const REPLIES_AT_ONCE_MAX: u32 = 32;
/// The beginning of a conversation's newest message, as lists show it.
pub const PREVIEW_CHARS_MAX: usize = 160;
/// Personas on a page: more than most people make.
pub const PERSONAS_PAGE: usize = 100;
/// Conversations on a page: a few screens.
pub const CONVERSATIONS_PAGE: usize = 30;
/// Messages on a page of a conversation: what fits on a few screens.
pub const MESSAGES_PAGE: usize = 50;
