//! What the tests of the database stand on: the product's own database code on this machine, and its schema.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a helper of a test fails by panicking, and the test's machine has a clock and an environment"
)]

pub mod host;
#[cfg(target_os = "linux")]
pub mod processes;
pub mod recorder;
pub mod schema;
