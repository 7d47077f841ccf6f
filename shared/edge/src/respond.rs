//! The one place where values and errors become responses.

use api::Problem;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use uuid::Uuid;

use crate::{Body, Error, error::allow};

/// A response as handlers make it.
pub type Response = http::Response<Body>;

/// Seconds after which a client may try an unavailable route again.
const RETRY_AFTER_S: &str = "2";

/// A JSON answer that no cache keeps.
///
/// # Errors
/// [`Error::Internal`] where the value cannot be written as JSON.
pub fn json(status: StatusCode, value: &impl Serialize) -> Result<Response, Error> {
    Ok(json_text(
        status,
        serde_json::to_string(value).map_err(Error::internal)?,
    ))
}

/// The same for JSON that Postgres has already built.
pub fn json_text(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// 204.
pub fn no_content() -> Response {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// A redirect that no cache keeps.
///
/// # Errors
/// [`Error::Internal`] where the target cannot stand in a header.
pub fn redirect(status: StatusCode, location: &str) -> Result<Response, Error> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::LOCATION,
        HeaderValue::from_str(location).map_err(Error::internal)?,
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The problem document of an error (RFC 9457).
pub fn problem(error: &Error, request_id: Uuid) -> Problem {
    let mut problem = Problem::new(error.kind(), error.to_string(), request_id);
    match error {
        Error::Invalid(errors) => problem.errors.clone_from(errors),
        Error::TooMany { reset, .. } => problem.resets_at = Some(reset.at.clone()),
        _ => {}
    }
    problem
}

/// An error as the client sees it.
pub fn error_response(error: &Error, request_id: Uuid) -> Response {
    let problem = problem(error, request_id);
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json_text(status, serde_json::to_string(&problem).unwrap_or_default());
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    match error {
        Error::Unauthenticated(_) => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Error::MethodNotAllowed(methods) => {
            if let Ok(allow) = HeaderValue::try_from(allow(methods)) {
                headers.insert(header::ALLOW, allow);
            }
        }
        Error::TooMany { reset, .. } => {
            headers.insert(header::RETRY_AFTER, reset.after_s.into());
        }
        Error::Unavailable(_) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
        }
        _ => {}
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reset;

    #[test]
    fn a_limit_of_time_says_when_it_resets() {
        let error = Error::TooMany {
            detail: "Enough for today.".into(),
            reset: Reset {
                at: "2026-11-27T00:00:00+00:00".into(),
                after_s: 90,
            },
        };
        let response = error_response(&error, Uuid::nil());
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers()[header::RETRY_AFTER], "90");
        let resets_at = problem(&error, Uuid::nil()).resets_at;
        assert_eq!(resets_at.as_deref(), Some("2026-11-27T00:00:00+00:00"));
    }
}
