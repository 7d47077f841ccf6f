//! What a handler stands on: its host, requests and responses, errors, the sign-in guard and the database.
//!
//! Nothing here knows a route or a runtime.

pub mod auth;
pub mod body;
pub mod client_address;
pub mod config;
pub mod db;
pub mod error;
pub mod guard;
pub mod host;
pub mod ids;
pub mod incoming;
pub mod json_body;
pub mod keys;
pub mod outbound;
pub mod page;
pub mod request;
pub mod respond;
pub mod serve;
#[cfg(test)]
mod testing;

pub use auth::{Caller, UserId, authenticate};
pub use body::Body;
pub use config::Config;
pub use db::{Connection, Database, DatabaseError, OnConstraint, Unattended};
pub use error::{Error, Reset};
pub use host::{Files, Host, StoredObject};
pub use request::Request;
pub use respond::{Response, json, json_text, no_content, redirect};
pub use serve::serve;
