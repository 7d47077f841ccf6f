//! Tests of every statement and connection against Postgres, its pooler and the recorder.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and run on a host with a clock"
)]

mod cut;
mod errors;
mod flights;
mod pictures;
mod replies;
#[cfg(target_os = "linux")]
mod silence;
mod statements;
