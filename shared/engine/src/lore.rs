//! Lorebooks: selects the entries for the next prompt.
//!
//! Implements Character Card V3 and, of SillyTavern's `extensions`, `selectiveLogic`,
//! `match_whole_words`, `exclude_recursion`, `prevent_recursion`, `delay_until_recursion` and
//! `probability`. Not supported: groups, sticky, cooldown, delay, vectors. The caller places the
//! selected entries in the prompt.

mod book;
mod keys;
mod scan;
#[cfg(test)]
mod tests;

pub use book::{Book, Entry, Position};
pub use scan::{ActiveEntry, Scan, activate};

/// The number of messages to scan if neither the book nor the entry sets one.
pub const SCAN_DEPTH_DEFAULT: usize = 2;
/// The limit of entries in a book. Further ones are ignored.
pub const ENTRIES_MAX: usize = api::limits::LORE_ENTRIES_MAX;
