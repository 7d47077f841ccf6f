//! A proxy for the Postgres protocol that checks the messages of the functions.
//!
//! Hyperdrive pools by transaction and is known to fail if a connection mixes protocols, names statements or sends
//! messages after an unanswered Sync. The rules of [`checker`] are the shape that is known to be safe. Violations are
//! recorded and do not stop the connection, so one run shows all of them. In [`cut`] mode segments are forwarded in
//! pieces of random sizes.
#![allow(clippy::disallowed_methods, reason = "a tool on the host has a clock")]

pub mod checker;
pub mod control;
pub mod cut;
pub mod messages;
pub mod proxy;
pub mod report;

pub use proxy::Recorder;
pub use report::Report;
