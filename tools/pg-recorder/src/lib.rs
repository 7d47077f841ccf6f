//! A proxy for Postgres's protocol that proves how the functions speak it.
//!
//! Hyperdrive pools by transaction and is known to fail where a connection mixes protocols, names statements or sends
//! behind a Sync that is not answered. The rules of [`conversation`] are the shape that is known to be safe. What breaks
//! one is recorded, never stopped, so that one run shows all of it. In [`cut`] mode every segment is passed on in pieces
//! of random sizes.
#![allow(clippy::disallowed_methods, reason = "a tool on the host has a clock")]

pub mod control;
pub mod conversation;
pub mod cut;
pub mod messages;
pub mod proxy;
pub mod report;

pub use proxy::Recorder;
pub use report::Report;
