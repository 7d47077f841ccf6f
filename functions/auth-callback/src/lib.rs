//! `auth-callback`: the callback after sign-in, and Clerk's webhooks.

mod callback;
mod erasure;
mod profile;
mod webhook;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod workers;

pub use erasure::tidy;

use edge::{Error, Files, Request, Response, request::segments};
use http::Method;

/// Every route of this function.
///
/// # Errors
/// Those of the handlers; 404 and 405 for other paths and methods.
pub async fn route(request: Request, host: &impl Files) -> Result<Response, Error> {
    let path = request.uri().path().to_owned();
    match (request.method(), segments(&path).as_slice()) {
        (&Method::GET, ["auth", "callback"]) => callback::callback(request, host).await,
        (&Method::POST, ["auth", "webhooks", "clerk"]) => webhook::receive(request, host).await,
        (_, ["auth", "callback"]) => Err(Error::MethodNotAllowed("GET")),
        (_, ["auth", "webhooks", "clerk"]) => Err(Error::MethodNotAllowed("POST")),
        _ => Err(Error::NotFound("page")),
    }
}
