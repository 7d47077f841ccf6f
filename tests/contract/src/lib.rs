//! Support for contract tests: the running product, users, requests, streams.
//!
//! Uses HTTP and JSON only and no crate of the product, so tests assert what a client sees. Every
//! test creates its own users; tests are independent and run in any order.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "test helpers may panic and use the clock and the environment"
)]

pub mod alone;
pub mod http;
pub mod lock;
pub mod model;
pub mod openapi;
pub mod person;
#[cfg(target_os = "linux")]
pub mod processes;
pub mod product;
pub mod raw;
pub mod stream;
pub mod talk;

pub use alone::Alone;
pub use http::{Answer, Call};
pub use person::{Person, persona_body};
pub use product::{Product, product};
pub use stream::{Event, Stream};
pub use talk::Talk;

/// A new UUIDv7, as clients create them.
#[must_use]
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
