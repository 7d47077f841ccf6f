//! The base of all handlers: host, requests and responses, errors, authentication and the database.
//!
//! This crate contains no route and no runtime code.

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
