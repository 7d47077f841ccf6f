//! Clerk authentication with the same rules as Clerk's backend SDK.
//!
//! This crate does no I/O, reads no clock and verifies no RSA signature. The host passes the
//! current time ([`TokenOptions::now_ms`]), looks up keys and checks signatures ([`Verifier`]),
//! and sends calls to Clerk's Backend API ([`Backend`]). No input causes a panic.
//!
//! * API routes: [`bearer_token`], then [`verify_token`].
//! * Documents: [`authenticate_request`], which may return a handshake redirect.
//! * Webhooks: [`webhook::verify`].
//! * Redirects after signing in: [`safe_redirect`].
//!
//! `examples/verify_token.rs` is a minimal host.

mod api;
mod authenticate;
mod auto_proxy;
mod bearer;
mod checks;
mod claims;
mod context;
mod cookies;
mod handshake;
mod json;
mod key_cache;
mod keys;
mod machine;

mod number;
mod options;
mod organization;
mod publishable_key;
mod reason;
mod redirect;
mod referrer;
mod refresh;
mod request;
mod state;
mod time;
mod token;
mod token_cache;
pub mod webhook;

pub use api::*;
pub use authenticate::authenticate_request;
pub use auto_proxy::{Environment, auto_proxy_path};
pub use bearer::bearer_token;
pub use checks::*;
pub use claims::*;
pub use context::Context;
pub use cookies::{COOKIE_HEADER_BYTES_MAX, Cookies, cookie_name, cookie_value};
pub use key_cache::*;
pub use keys::*;
pub use machine::{is_machine_jwt, is_non_session_category};

pub use options::*;
pub use organization::{OrganizationTarget, Pattern};
pub use publishable_key::*;
pub use reason::*;
pub use redirect::*;
pub use request::*;
pub use state::*;
pub use token::*;
pub use token_cache::*;
