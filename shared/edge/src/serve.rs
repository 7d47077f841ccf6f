//! Handles one request.

use http::{HeaderValue, Method};

use crate::{
    Body, Error, Host, Request, Response,
    incoming::Unread,
    respond::{ErrorFormat, error_response},
};

/// Calls the route and renders its error, if there is one. The response has the request's id in `X-Request-Id`.
///
/// The part of the request's body that the route did not read is drained first, so that the client gets the response.
///
/// HEAD is handled as GET without the body (RFC 9110 §9.3.2). Routes never get HEAD.
pub async fn serve<H: Host>(
    mut request: Request,
    host: H,
    route: impl AsyncFnOnce(Request, H) -> Result<Response, Error>,
) -> Response {
    let is_head = *request.method() == Method::HEAD;
    if is_head {
        *request.method_mut() = Method::GET;
    }
    let format = ErrorFormat::of(request.uri().path(), request.headers());
    let unread = Unread::watch(&mut request, &host);
    let mut response = route(request, host.clone()).await.unwrap_or_else(|error| {
        let line = log_line(&error);
        if error.kind().status() >= 500 {
            host.log_error(&line);
        } else {
            host.log(&line);
        }
        error_response(&error, host.request_id(), format)
    });
    unread.drain(&host).await;
    if is_head {
        *response.body_mut() = Body::Empty;
    }
    if let Ok(id) = HeaderValue::try_from(host.request_id().to_string()) {
        response.headers_mut().entry("x-request-id").or_insert(id);
    }
    response
}

/// The error, its reason and all its sources, on one line for the log.
pub fn log_line(error: &Error) -> String {
    let mut line = format!("{} {error}", error.kind().status());
    if let Error::Unauthenticated(reason) = error {
        line.push_str(&format!(" [{reason}]"));
    }
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        line.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    line
}
