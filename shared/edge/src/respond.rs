//! Builds responses from values and errors.

use api::Problem;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use uuid::Uuid;

use crate::{Body, Error, error::allow, page::Page, request::header_text};

/// A response of a handler.
pub type Response = http::Response<Body>;

/// The `Retry-After` of an unavailable route, in seconds.
const RETRY_AFTER_S: &str = "2";

/// A JSON response that is not cached.
///
/// # Errors
/// [`Error::Internal`] if the value cannot be serialized.
pub fn json(status: StatusCode, value: &impl Serialize) -> Result<Response, Error> {
    Ok(json_text(
        status,
        serde_json::to_string(value).map_err(Error::internal)?,
    ))
}

/// A JSON response from JSON text, for example Postgres's.
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

/// A redirect that is not cached.
///
/// # Errors
/// [`Error::Internal`] if the target is not a valid header value.
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

/// The format of an error response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorFormat {
    /// A page, for a browser that navigates.
    Page,
    /// An RFC 9457 problem document, for every other client.
    Problem,
}

impl ErrorFormat {
    /// Browsers mark a navigation with `Sec-Fetch-Mode: navigate` (Fetch Metadata Request Headers §2.2). Older browsers
    /// do not, but their `Accept` starts with `text/html`. Under `/api` that is not enough: API clients send all kinds of
    /// `Accept` headers.
    pub fn of(path: &str, headers: &HeaderMap) -> Self {
        let header = |name: &str| header_text(headers, name);
        let is_api = path == "/api" || path.starts_with("/api/");
        let navigates = match header("sec-fetch-mode") {
            Some(mode) => mode == "navigate",
            None => {
                let accepted = header(header::ACCEPT.as_str()).unwrap_or_default();
                !is_api && accepted.trim_start().starts_with("text/html")
            }
        };
        if navigates { Self::Page } else { Self::Problem }
    }
}

/// The response of an error.
pub fn error_response(error: &Error, request_id: Uuid, format: ErrorFormat) -> Response {
    let mut response = match format {
        ErrorFormat::Page => Page::of(error, &error.to_string()).response(request_id),
        ErrorFormat::Problem => problem_response(error, request_id),
    };
    let headers = response.headers_mut();
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

fn problem_response(error: &Error, request_id: Uuid) -> Response {
    let problem = problem(error, request_id);
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json_text(status, serde_json::to_string(&problem).unwrap_or_default());
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reset;

    #[test]
    fn a_rate_limit_has_its_reset() {
        let error = Error::TooMany {
            detail: "Limit reached.".into(),
            reset: Reset {
                at: "2026-11-27T00:00:00+00:00".into(),
                after_s: 90,
            },
        };
        let response = error_response(&error, Uuid::nil(), ErrorFormat::Problem);
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers()[header::RETRY_AFTER], "90");
        let resets_at = problem(&error, Uuid::nil()).resets_at;
        assert_eq!(resets_at.as_deref(), Some("2026-11-27T00:00:00+00:00"));
    }

    fn format(path: &str, headers: &[(&str, &str)]) -> ErrorFormat {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(
                http::HeaderName::try_from(*name).unwrap(),
                HeaderValue::try_from(*value).unwrap(),
            );
        }
        ErrorFormat::of(path, &map)
    }

    #[test]
    fn navigations_get_a_page_and_other_requests_a_problem() {
        use ErrorFormat::{Page, Problem};
        let html = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        let navigate = ("sec-fetch-mode", "navigate");
        for (path, headers, expected) in [
            ("/dashboard", &[html][..], Page),
            ("/auth", &[html, navigate], Page),
            ("/auth/callback", &[navigate], Page),
            ("/api/files/1", &[html, navigate], Page),
            ("/api/me", &[html], Problem),
            ("/api", &[html], Problem),
            ("/apiary", &[html], Page),
            ("/dashboard", &[("accept", "*/*")], Problem),
            ("/dashboard", &[], Problem),
            ("/dashboard", &[html, ("sec-fetch-mode", "cors")], Problem),
            (
                "/api/me",
                &[("accept", "application/json"), ("sec-fetch-mode", "cors")],
                Problem,
            ),
        ] {
            assert_eq!(format(path, headers), expected, "{path} {headers:?}");
        }
    }

    #[test]
    fn both_formats_have_the_status_and_headers() {
        for (error, name) in [
            (Error::Unauthenticated("x".into()), "www-authenticate"),
            (Error::MethodNotAllowed("GET"), "allow"),
            (Error::unavailable("x"), "retry-after"),
            (Error::internal("x"), "cache-control"),
            (Error::TooSlow, "content-type"),
        ] {
            for format in [ErrorFormat::Page, ErrorFormat::Problem] {
                let response = error_response(&error, Uuid::nil(), format);
                assert_eq!(response.status(), error.kind().status(), "{error}");
                assert!(response.headers().contains_key(name), "{error}");
            }
        }
    }
}
