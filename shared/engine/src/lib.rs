//! Character cards, prompts and model replies.
//!
//! This crate does no I/O, reads no clock, uses only random numbers seeded by the caller, and does not
//! panic on any input. It also runs in the browser.

pub mod card;
pub mod decorators;
pub mod lore;
pub mod macros;
pub mod prompt;
pub mod reply;
pub mod sse;
pub mod tokens;
