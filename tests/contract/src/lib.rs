//! What contract tests stand on: the running product, people of it, requests, streams.
//!
//! Speaks HTTP and JSON alone and knows no crate of ours: what is asserted here is what a client
//! sees. Every test makes its own people, so tests neither share anything nor have an order.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a helper of a test fails by panicking, and the test's machine has a clock and an environment"
)]

pub mod http;
pub mod model;
pub mod person;
pub mod product;
pub mod stream;
pub mod talk;
pub mod turn;

pub use http::{Answer, Call};
pub use person::Person;
pub use product::{Product, product};
pub use stream::{Event, Stream};
pub use talk::Talk;

/// A new id in the order of time, as clients choose them.
#[must_use]
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
