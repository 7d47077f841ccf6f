//! Clerk's rules, so that a request is judged here as Clerk's own backend SDK would judge it.
//!
//! Pure: this crate never does I/O, never asks for the time and never verifies an RSA
//! signature itself. The host hands in the clock ([`TokenOptions::now_ms`]), answers
//! questions about keys and signatures ([`Verifier`]) and carries calls to Clerk's
//! Backend API ([`Backend`]). Nothing here panics, whatever a client sends.
//!
//! * An API route: [`bearer_token`], then [`verify_token`].
//! * A document: [`authenticate_request`], which may answer with a handshake.
//! * A webhook: [`webhook::verify`].
//! * Where to after signing in: [`safe_redirect`].
//!
//! `examples/whose_token.rs` has all that a host must bring.

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
mod memory;
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
pub use memory::*;
pub use options::*;
pub use organization::{OrganizationTarget, Pattern};
pub use publishable_key::*;
pub use reason::*;
pub use redirect::*;
pub use request::*;
pub use state::*;
pub use token::*;
