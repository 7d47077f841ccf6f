//! A local emulator of Clerk: the Frontend API for ClerkJS, the files of ClerkJS, the handshake, and
//! the part of the Backend API that Persona uses. Tokens are RS256 and cookies have Clerk's format.
//! There are no emails, messages, passwords or organizations. It is not secure: every client that
//! reaches its port can sign in as any user.

#![allow(
    clippy::disallowed_methods,
    reason = "a native tool may read the system clock"
)]
#![allow(
    missing_docs,
    reason = "only the binary and its tests use this library; most fields are named after Clerk's"
)]

pub mod agent;
pub mod api_error;
pub mod app;
pub mod bapi;
pub mod clock;
pub mod codes;
pub mod config;
mod consent;
pub mod context;
pub mod control;
pub mod cookies;
pub mod fapi;
pub mod faults;
pub mod handshake;
pub mod id;
pub mod keys;
pub mod npm;
pub mod oauth;
pub mod pictures;
pub mod seed;
pub mod state;
pub mod tokens;
pub mod webhooks;
pub mod wire;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};

use api_error::ApiError;
use app::App;

/// The router of the emulator.
pub fn router(app: App) -> Router {
    let routes = Router::new()
        .merge(fapi::routes())
        .merge(oauth::routes())
        .merge(handshake::routes())
        .merge(bapi::routes())
        .merge(pictures::routes())
        .merge(npm::routes())
        .merge(control::routes())
        .fallback(|| async { ApiError::not_found() })
        .with_state(app.clone());
    // Routing happens behind these layers, by the method and the path that `normalize` sets.
    Router::new()
        .fallback_service(routes)
        .layer(middleware::from_fn_with_state(app, faults::apply))
        .layer(middleware::from_fn(normalize))
        .layer(middleware::from_fn(cors))
}

/// Sets the method from `_method`, since ClerkJS sends every write as a POST, and removes a trailing
/// slash from the path.
async fn normalize(mut request: Request, next: Next) -> Response {
    if let Some(path) = request
        .uri()
        .path()
        .strip_suffix('/')
        .filter(|path| !path.is_empty())
    {
        let query = request
            .uri()
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        if let Ok(uri) = Uri::try_from(format!("{path}{query}")) {
            *request.uri_mut() = uri;
        }
    }
    if request.method() == Method::POST {
        let query = request.uri().query().unwrap_or_default();
        let verb = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "_method");
        if let Some(method) = verb.and_then(|(_, verb)| Method::from_bytes(verb.as_bytes()).ok()) {
            *request.method_mut() = method;
        }
    }
    next.run(request).await
}

/// Allows cross-origin requests to the Frontend API, as Clerk does, for use without a proxy.
async fn cors(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let shared = path.starts_with("/v1/") || path.starts_with("/npm/");
    let origin = request.headers().get(header::ORIGIN).filter(|_| shared).cloned();
    let asks = request.method() == Method::OPTIONS && origin.is_some();
    let mut response = if asks {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    if let Some(origin) = origin {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type"),
        );
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    response
}
