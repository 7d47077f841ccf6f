//! The state and its file. Every request locks the whole state. A task writes it to a new file after
//! each change and renames that file, so that the state file is always complete.

mod model;
mod sessions;
mod store;
mod users;

pub use model::*;
pub use store::{Store, StoreError, replace};
pub use users::{NewUser, contact, verified};

/// The lifetime of a session, that of a Clerk development instance.
pub const SESSION_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// The time after which a session counts as abandoned.
pub const ABANDON_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long ended sessions, idle browsers and unfinished attempts are kept.
pub const KEEP_MS: i64 = 24 * 60 * 60 * 1000;
/// The lifetime of a handshake nonce.
pub const HANDSHAKE_MS: i64 = 60 * 1000;
/// The number of messages kept for `GET /_emulator/messages`.
pub const MESSAGES_MAX: usize = 100;
