//! `site`: pages, assets, the page guard, and dispatch to the other functions.

mod clerk_proxy;
mod document;
mod headers;
mod pages;
mod refusal;
mod routes;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod workers;

pub use pages::Pages;
pub use routes::Service;

use edge::{Error, Request, Response, request::segments};
use http::Method;

/// Every route of this function, and the dispatch to the other functions.
///
/// # Errors
/// Those of the handlers; 404 and 405 for other paths and methods.
pub async fn route(request: Request, host: &impl Pages) -> Result<Response, Error> {
    let path = request.uri().path().to_owned();
    if let Some(service) = routes::service(&path) {
        return host.forward(service, request).await;
    }
    if let Some(rest) = clerk_proxy::upstream_path(&path, host.config()) {
        return clerk_proxy::forward(request, host, &rest).await;
    }
    let segments = segments(&path);
    if segments.first() == Some(&"api") && !matches!(*segments, ["api", "docs" | "openapi.json"]) {
        return Err(Error::NotFound("address"));
    }
    if *request.method() != Method::GET {
        return Err(Error::MethodNotAllowed("GET"));
    }
    match *segments {
        ["api", "openapi.json"] => document::openapi(request, host).await,
        _ => document::serve(request, host).await,
    }
}
