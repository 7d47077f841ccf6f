//! The state and its file. Every request works on it under one lock; a writer
//! task copies it to disk after each change, whole, and swaps the file in place,
//! so that a reader never meets half a file.

mod model;
mod people;
mod sessions;
mod store;

pub use model::*;
pub use people::{NewUser, contact, verified};
pub use store::{Store, StoreError, replace};

/// Sessions live a week unless used, as a Clerk development instance has it.
pub const SESSION_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// After this long a session is abandoned.
pub const ABANDON_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long the traces of ended sessions, idle browsers and open attempts are kept.
pub const KEEP_MS: i64 = 24 * 60 * 60 * 1000;
/// Nonces of handshakes are read within a minute or never.
pub const HANDSHAKE_MS: i64 = 60 * 1000;
/// Messages kept for `GET /_emulator/messages`.
pub const MESSAGES_MAX: usize = 100;
