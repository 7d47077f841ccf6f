//! Lore: which entries of a book belong into the next prompt.
//!
//! The text of Character Card V3 is the rule. Honoured beside it, from SillyTavern's `extensions`:
//! `selectiveLogic`, `match_whole_words`, `exclude_recursion`, `prevent_recursion`,
//! `delay_until_recursion`, `probability`. Not offered: groups, sticky, cooldown, delay, vectors.
//! Says which entries and in what order; where they go in the prompt it leaves to the caller.

mod book;
mod keys;
mod scan;
#[cfg(test)]
mod tests;

pub use book::{Book, Entry, Position};
pub use scan::{Active, Scan, activate};

/// Messages that are scanned where neither the book nor an entry says how many.
pub const SCAN_DEPTH_DEFAULT: usize = 2;
/// More entries than any real book has; the rest is not read.
pub const ENTRIES_MAX: usize = 3_000;
