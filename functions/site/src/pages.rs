//! What `site` needs beyond [`Host`].

use std::future::Future;

use edge::{Error, Host, Request, Response};

use crate::routes::Service;

/// A host that serves assets and reaches the other functions.
pub trait Pages: Host {
    /// Passes a request on to another function, unchanged.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the function does not answer.
    fn forward(&self, service: Service, request: Request) -> impl Future<Output = Result<Response, Error>>;
    /// A static asset by the request's path. One that does not exist is a 404.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the assets cannot be reached.
    fn asset(&self, request: Request) -> impl Future<Output = Result<Response, Error>>;
}
