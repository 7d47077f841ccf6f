//! An emulator of Clerk for one machine: the Frontend API as ClerkJS speaks it,
//! the files of ClerkJS itself, the handshake, and the part of the Backend API
//! that Persona uses. Real RS256 tokens, real cookies; no mail, no messages, no
//! passwords, no organizations. It guards nothing worth guarding: whoever reaches
//! its port can be anybody.

#![allow(clippy::disallowed_methods, reason = "a tool on the host has a clock")]
#![allow(
    missing_docs,
    reason = "only the binary and its tests use this library; names of Clerk's fields speak for themselves"
)]

pub mod agent;
pub mod app;
pub mod bapi;
pub mod clock;
pub mod codes;
pub mod config;
mod consent;
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
pub mod refusal;
pub mod scope;
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

use app::App;
use refusal::Refusal;

/// Everything that the emulator answers.
pub fn router(app: App) -> Router {
    let routes = Router::new()
        .merge(fapi::routes())
        .merge(oauth::routes())
        .merge(handshake::routes())
        .merge(bapi::routes())
        .merge(pictures::routes())
        .merge(npm::routes())
        .merge(control::routes())
        .fallback(|| async { Refusal::not_found() })
        .with_state(app.clone());
    // Routing happens behind these layers: by the verb and the path that they restore.
    Router::new()
        .fallback_service(routes)
        .layer(middleware::from_fn_with_state(app, faults::apply))
        .layer(middleware::from_fn(restore))
        .layer(middleware::from_fn(share))
}

/// ClerkJS sends every write as a POST and names the verb in the query; some paths end in a slash.
async fn restore(mut request: Request, next: Next) -> Response {
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

/// Lets pages of other origins talk to the Frontend API, as Clerk does, for use without a proxy.
async fn share(request: Request, next: Next) -> Response {
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
