//! Support for the database tests: a native host for the product's database code, and the migrated schema.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "test helpers fail by panicking, and run on a host with a clock and an environment"
)]

pub mod host;
#[cfg(target_os = "linux")]
pub mod processes;
pub mod recorder;
pub mod schema;
