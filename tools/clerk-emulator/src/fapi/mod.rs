//! The Frontend API, used by ClerkJS. Responses have an envelope with the browser's client, also
//! errors.

mod client;
mod contacts;
mod environment;
mod me;
mod sessions;
mod sign_in;
mod sign_up;

use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter, get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use url::Url;

use crate::api_error::ApiError;
use crate::app::App;
use crate::context::Context;
use crate::cookies::{self, Site};
use crate::handshake::current_session;
use crate::state::Data;
use crate::wire;

pub(crate) use sign_in::finish as finish_sign_in;
pub(crate) use sign_up::finish as finish_sign_up;

/// A handler that changes the state of a client.
type Action = fn(&mut Data, &Context, &str) -> Result<Value, ApiError>;

const PICTURE_BYTES_MAX: usize = 10 * 1024 * 1024;
const GET: MethodFilter = MethodFilter::GET;
const POST: MethodFilter = MethodFilter::POST;
const PATCH: MethodFilter = MethodFilter::PATCH;
const DELETE: MethodFilter = MethodFilter::DELETE;

/// The routes of the Frontend API except handshake and OAuth.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/v1/dev_browser", post(client::dev_browser))
        .route(
            "/v1/environment",
            get(environment::answer).patch(environment::answer),
        )
        .route("/.well-known/jwks.json", get(jwks))
        .route("/v1/client", get(client::read).merge(on(DELETE, client::destroy)))
        .route("/v1/client/sign_ups", on(POST, sign_up::create))
        .route(
            "/v1/client/sign_ups/{id}",
            on(GET, sign_up::read).merge(on(PATCH, sign_up::update)),
        )
        .route(
            "/v1/client/sign_ups/{id}/prepare_verification",
            on(POST, sign_up::prepare),
        )
        .route(
            "/v1/client/sign_ups/{id}/attempt_verification",
            on(POST, sign_up::attempt),
        )
        .route("/v1/client/sign_ins", on(POST, sign_in::create))
        .route("/v1/client/sign_ins/{id}", on(GET, sign_in::read))
        .route(
            "/v1/client/sign_ins/{id}/prepare_first_factor",
            on(POST, sign_in::prepare),
        )
        .route(
            "/v1/client/sign_ins/{id}/attempt_first_factor",
            on(POST, sign_in::attempt),
        )
        .route("/v1/client/sessions", on(DELETE, sessions::remove_all))
        .route("/v1/client/sessions/{id}", on(GET, sessions::read))
        .route("/v1/client/sessions/{id}/touch", on(POST, sessions::touch))
        .route("/v1/client/sessions/{id}/end", on(POST, sessions::end))
        .route("/v1/client/sessions/{id}/remove", on(POST, sessions::remove))
        .route("/v1/client/sessions/{id}/tokens", post(sessions::token))
        .route(
            "/v1/client/sessions/{id}/tokens/{template}",
            post(sessions::template_token),
        )
        .merge(me_routes())
}

fn me_routes() -> Router<App> {
    let none = || on(GET, |_, _, _| Ok(json!({ "data": [], "total_count": 0 })));
    Router::new()
        .route(
            "/v1/me",
            on(GET, me::read)
                .merge(on(PATCH, me::update))
                .merge(on(DELETE, me::delete)),
        )
        .route("/v1/me/metadata", on(PATCH, me::update))
        .route(
            "/v1/me/profile_image",
            on(DELETE, me::delete_image)
                .merge(post(me::set_image).layer(DefaultBodyLimit::max(PICTURE_BYTES_MAX))),
        )
        .route("/v1/me/sessions", get(me::active_sessions))
        .route("/v1/me/sessions/active", get(me::active_sessions))
        .route("/v1/me/sessions/{id}/revoke", on(POST, me::revoke_session))
        .route("/v1/me/external_accounts", on(POST, me::connect))
        .route("/v1/me/external_accounts/{id}", on(DELETE, me::disconnect))
        .route("/v1/me/{kind}", on(POST, contacts::create))
        .route(
            "/v1/me/{kind}/{id}",
            on(GET, contacts::read).merge(on(DELETE, contacts::delete)),
        )
        .route(
            "/v1/me/{kind}/{id}/prepare_verification",
            on(POST, contacts::prepare),
        )
        .route(
            "/v1/me/{kind}/{id}/attempt_verification",
            on(POST, contacts::attempt),
        )
        .route("/v1/me/organization_memberships", none())
        .route("/v1/me/organization_invitations", none())
        .route("/v1/me/organization_suggestions", none())
}

fn on(method: MethodFilter, action: Action) -> MethodRouter<App> {
    axum::routing::on(
        method,
        move |context: Context| async move { run(&context, action) },
    )
}

fn run(context: &Context, action: Action) -> Response {
    with_client(context, |data, context, client_id| {
        let result = action(data, context, client_id);
        let client = wire::client(data, context, client_id);
        match result {
            Ok(response) => Json(json!({ "response": response, "client": client })).into_response(),
            Err(error) => error.to_response(Some(client)),
        }
    })
}

/// Runs `work` for the client of the request. In production it also sets the client's cookies.
fn with_client(context: &Context, work: impl FnOnce(&mut Data, &Context, &str) -> Response) -> Response {
    context.app.respond(context, |data, context| {
        let known = context
            .browser()
            .and_then(|token| data.browsers.get(token))
            .cloned();
        let mut fresh = None;
        let client_id = match known {
            Some(id) => id,
            None if context.app.config.development => {
                return ApiError::new(401, "dev_browser_unauthenticated", "Browser unauthenticated")
                    .long("Unable to authenticate this browser for your development instance.")
                    .into_response();
            }
            None => {
                let token = crate::id::random(64);
                let id = data.create_client(&token, context.now);
                fresh = Some(token);
                id
            }
        };
        let mut response = work(data, context, &client_id);
        if !context.app.config.development {
            for line in production_cookies(data, context, &client_id, fresh.as_deref()) {
                response.headers_mut().append(SET_COOKIE, line);
            }
        }
        response
    })
}

fn production_cookies(
    data: &Data,
    context: &Context,
    client_id: &str,
    fresh: Option<&str>,
) -> Vec<HeaderValue> {
    let (Ok(url), Some(client)) = (Url::parse(&context.base.url), data.clients.get(client_id)) else {
        return Vec::new();
    };
    let site = Site::of(context, &url);
    let uat = cookies::client_uat(client, current_session(data, client_id));
    let mut lines: Vec<String> = fresh
        .map(|token| site.cookie("__client", token, true, false))
        .into_iter()
        .collect();
    if context.cookie("__client_uat") != Some(uat.to_string().as_str()) {
        lines.extend(site.client_uat(uat));
    }
    lines
        .iter()
        .filter_map(|line| HeaderValue::from_str(line).ok())
        .collect()
}

async fn jwks(context: Context) -> Json<Value> {
    Json(context.app.keys().jwks())
}
