//! The host functions that `site` needs in addition to [`Host`].

use std::future::Future;

use edge::{Error, Host, Request, Response};

use crate::routes::Service;

/// A host with static assets and bindings to the other functions.
pub trait Pages: Host {
    /// Forwards a request to another function, unchanged.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the function does not respond.
    fn forward(&self, service: Service, request: Request) -> impl Future<Output = Result<Response, Error>>;
    /// The static asset at the request's path, or a 404.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the asset store does not respond.
    fn asset(&self, request: Request) -> impl Future<Output = Result<Response, Error>>;
}
