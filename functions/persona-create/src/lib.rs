//! `persona-create`: stores personas and their pictures.

mod draft;
mod files;
mod personas;
mod picture;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod workers;

use edge::{
    Error, Files, Request, Response,
    request::{id, segments},
};
use http::Method;

/// Every route of this function.
///
/// # Errors
/// Those of the handlers; 404 and 405 for other paths and methods.
pub async fn route(request: Request, host: &impl Files) -> Result<Response, Error> {
    let path = request.uri().path().to_owned();
    match (request.method(), segments(&path).as_slice()) {
        (&Method::POST, ["api", "personas"]) => personas::create(request, host).await,
        (&Method::GET, ["api", "personas", one]) => personas::read(request, host, id(one, "persona")?).await,
        (&Method::PUT, ["api", "personas", one]) => {
            personas::update(request, host, id(one, "persona")?).await
        }
        (&Method::DELETE, ["api", "personas", one]) => {
            personas::delete(request, host, id(one, "persona")?).await
        }
        (&Method::POST, ["api", "personas", one, "restore"]) => {
            personas::restore(request, host, id(one, "persona")?).await
        }
        (&Method::POST, ["api", "files"]) => files::upload(request, host).await,
        (&Method::GET, ["api", "files", one]) => files::serve(request, host, id(one, "file")?).await,
        (_, ["api", "personas" | "files"]) | (_, ["api", "personas", _, "restore"]) => {
            Err(Error::MethodNotAllowed("POST"))
        }
        (_, ["api", "personas", _]) => Err(Error::MethodNotAllowed("GET, PUT, DELETE")),
        (_, ["api", "files", _]) => Err(Error::MethodNotAllowed("GET")),
        _ => Err(Error::NotFound("page")),
    }
}
