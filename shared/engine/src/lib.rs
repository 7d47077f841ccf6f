//! The rules of a talk with a persona: who it is, what the model is told, and what becomes of its answer.
//!
//! Pure: text, bytes and ticks in, values out. Nothing here does I/O, reads a clock, draws
//! chance that was not seeded by the caller, or panics on any input. It also runs in the browser.

pub mod card;
pub mod decorators;
pub mod lore;
pub mod macros;
pub mod prompt;
pub mod reply;
pub mod sse;
pub mod tokens;
