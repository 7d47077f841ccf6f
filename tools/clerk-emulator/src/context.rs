//! The parsed request: browser, base URL, fields. ClerkJS sends the method in `_method` and fields as
//! a form; JSON is accepted too.

use std::collections::{BTreeMap, HashMap};

use axum::RequestExt as _;
use axum::extract::{FromRequest, Path, Request};
use axum::http::{HeaderMap, Method, header};
use bytes::Bytes;
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::api_error::ApiError;
use crate::app::App;
use crate::state::{Activity, Session};
use crate::tokens;

/// The public base URL of the emulator.
#[derive(Clone, Debug, Default)]
pub struct Base {
    /// `http://localhost:8787/__clerk` behind a proxy, else `http://127.0.0.1:8790`; no trailing slash.
    pub url: String,
    /// Its origin.
    pub origin: String,
    /// Its host name.
    pub host: String,
}

/// A parsed request.
#[derive(Debug)]
pub struct Context {
    pub app: App,
    pub method: Method,
    pub now: i64,
    pub base: Base,
    /// The page's origin: `azp` of tokens.
    pub origin: Option<String>,
    pub query: HashMap<String, String>,
    /// Fields of the form.
    pub form: BTreeMap<String, String>,
    /// The body if it was JSON, else null.
    pub json: Value,
    pub path: HashMap<String, String>,
    pub cookies: HashMap<String, String>,
    pub bearer: Option<String>,
    /// Browser and device.
    pub agent: Activity,
}

impl FromRequest<App> for Context {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, app: &App) -> Result<Self, ApiError> {
        let path = request
            .extract_parts::<Path<HashMap<String, String>>>()
            .await
            .map(|Path(p)| p)
            .unwrap_or_default();
        let query = pairs(request.uri().query().unwrap_or_default().as_bytes()).collect();
        let (method, headers) = (request.method().clone(), request.headers().clone());
        let body = Bytes::from_request(request, app)
            .await
            .map_err(|_| ApiError::new(413, "request_body_too_large", "The request body is too large."))?;
        let is_json = text(&headers, "content-type").is_some_and(|kind| kind.starts_with("application/json"));
        let (form, json) = if is_json && !body.is_empty() {
            let json: Value = serde_json::from_slice(&body)
                .map_err(|_| ApiError::new(400, "request_body_invalid", "The request body is not JSON."))?;
            (fields(&json), json)
        } else {
            (pairs(&body).collect(), Value::Null)
        };
        let base = base(&headers);
        Ok(Self {
            app: app.clone(),
            method,
            now: crate::clock::now_ms(),
            origin: origin(&headers).or_else(|| (!base.origin.is_empty()).then(|| base.origin.clone())),
            base,
            query,
            form,
            json,
            path,
            cookies: cookies(&headers),
            bearer: text(&headers, "authorization")
                .and_then(|v| v.strip_prefix("Bearer "))
                .map(str::to_owned),
            agent: crate::agent::activity(&headers),
        })
    }
}

impl Context {
    /// A non-empty form field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.form
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// A required form field.
    ///
    /// # Errors
    /// If it is missing or empty.
    pub fn require(&self, name: &str) -> Result<&str, ApiError> {
        self.field(name).ok_or_else(|| ApiError::missing(name))
    }

    /// A path parameter; empty if the route has none with this name.
    pub fn id(&self, name: &str) -> &str {
        self.path.get(name).map(String::as_str).unwrap_or_default()
    }

    /// A cookie, its suffixed form first.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let suffixed = format!("{name}_{}", self.app.config.cookie_suffix);
        let value = self.cookies.get(&suffixed).or_else(|| self.cookies.get(name))?;
        (!value.is_empty()).then_some(value.as_str())
    }

    /// The token that identifies the browser: its dev browser, or in production its `__client` cookie.
    pub fn browser(&self) -> Option<&str> {
        if self.app.config.development {
            let given = self
                .query
                .get("__clerk_db_jwt")
                .map(String::as_str)
                .filter(|value| !value.is_empty());
            given.or_else(|| self.cookie("__clerk_db_jwt"))
        } else {
            self.cookies
                .get("__client")
                .map(String::as_str)
                .filter(|value| !value.is_empty())
        }
    }

    /// A new token for a session.
    pub fn token(&self, session: &Session) -> String {
        let keys = self.app.keys();
        tokens::session_token(&self.app.config, &keys, session, self.origin.as_deref(), self.now)
    }

    /// A token for a session, a few seconds old at most and not older than `since` (ms).
    pub fn recent_token(&self, session: &Session, since: i64) -> String {
        let origin = self.origin.as_deref();
        self.app
            .recent
            .token(session, origin, self.now, since, || self.token(session))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn pairs(encoded: &[u8]) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(encoded).into_owned()
}

/// The top-level members of a JSON body, as form fields.
fn fields(json: &Value) -> BTreeMap<String, String> {
    let Some(members) = json.as_object() else {
        return BTreeMap::new();
    };
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    members
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), text(value)?)))
        .collect()
}

fn cookies(headers: &HeaderMap) -> HashMap<String, String> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

fn base(headers: &HeaderMap) -> Base {
    let proxy = text(headers, "clerk-proxy-url").and_then(|url| Url::parse(url).ok());
    let direct = || {
        let scheme = text(headers, "x-forwarded-proto")
            .filter(|s| *s == "https")
            .unwrap_or("http");
        let host = text(headers, "x-forwarded-host").or_else(|| text(headers, "host"))?;
        Url::parse(&format!("{scheme}://{host}")).ok()
    };
    let Some(url) = proxy.or_else(direct) else {
        return Base::default();
    };
    Base {
        origin: url.origin().ascii_serialization(),
        host: url.host_str().unwrap_or_default().to_owned(),
        url: url.as_str().trim_end_matches('/').to_owned(),
    }
}

/// The page's origin: `Origin`, or that of `Referer` (a same-origin GET has no `Origin`).
fn origin(headers: &HeaderMap) -> Option<String> {
    let url = text(headers, "origin")
        .filter(|origin| *origin != "null")
        .or_else(|| text(headers, "referer"))?;
    let url = Url::parse(url).ok().filter(Url::has_host)?;
    Some(url.origin().ascii_serialization())
}
