//! The JSON that crosses the wire, once, for Rust, for the OpenAPI document and for the generated TypeScript.
//!
//! Types here say what is sent and under which limits it is accepted. They never do
//! I/O, never know HTTP and hold no behaviour beyond checking themselves.

pub mod card;
pub mod conversation;
pub mod file;
pub mod limits;
pub mod me;
pub mod persona;
pub mod problem;

#[cfg(test)]
mod openapi;

pub use card::CardJson;
pub use conversation::*;
pub use file::*;
pub use me::*;
pub use persona::*;
pub use problem::*;

/// A point in time as RFC 3339 text in UTC, e.g. `2026-11-23T22:12:32.123456+00:00`.
/// The names of such properties end with `_at`.
pub type Timestamp = String;
