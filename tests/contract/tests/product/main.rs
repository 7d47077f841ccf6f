//! Contract tests: requests over HTTP to the built functions on their runtime, with Postgres behind a pooler, the Clerk
//! emulator and the scripted model.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and run on a host with a clock"
)]

mod bodies;
mod callback;
mod cards;
mod conversations;
mod document;
mod documents;
mod failures;
mod files;
mod fuzzing;
mod handshake;
mod history;
mod keys;
mod limits;
mod lists;
mod load;
mod lost_clients;
mod personas;
mod refusals;
mod revocation;
mod routes;
mod sessions;
mod site_alone;
mod stopping;
mod talking;
mod webhooks;
