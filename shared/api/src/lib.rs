//! Types of the HTTP API's JSON and their limits. The OpenAPI document and the TypeScript types are generated from them.
//!
//! This crate does no I/O, has no HTTP code, and no behaviour except validation.

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

/// A time in UTC as RFC 3339 text, e.g. `2026-11-23T22:12:32.123456+00:00`. The names of such properties end with `_at`.
pub type Timestamp = String;
