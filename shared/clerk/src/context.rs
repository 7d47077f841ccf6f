//! The tokens and cookies of a request, selected by Clerk's rules.

use crate::bearer::bearer_token;
use crate::cookies::Cookies;
use crate::json::{to_number, truthy};
use crate::number::{leading_integer, number_or_zero};
use crate::options::RequestOptions;
use crate::request::{RequestHead, origin_of, query_param};
use crate::token::UnverifiedToken;
use serde_json::Value;
use url::Url;

pub(crate) const SESSION: &str = "__session";
pub(crate) const DEV_BROWSER: &str = "__clerk_db_jwt";
pub(crate) const HANDSHAKE: &str = "__clerk_handshake";
pub(crate) const HANDSHAKE_NONCE: &str = "__clerk_handshake_nonce";
pub(crate) const REDIRECT_COUNT: &str = "__clerk_redirect_count";
const CLIENT_UAT: &str = "__client_uat";
const REFRESH: &str = "__refresh";

/// The authentication data of a request. Unverified.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The request.
    pub request: &'a RequestHead,
    /// The options.
    pub options: &'a RequestOptions,
    /// The public URL.
    pub url: Url,
    /// The host of the Frontend API, or the absolute URL of its proxy.
    pub frontend_api: String,
    /// The absolute URL of the proxy.
    pub proxy_url: Option<String>,
    /// Whether the cookies with this instance's suffix are used, rather than those without.
    pub uses_suffixed_cookies: bool,
    /// The token in `Authorization`.
    pub token_in_header: Option<String>,
    /// The session cookie.
    pub session_token: Option<String>,
    /// When the client was last updated, in seconds since 1970; 0 if signed out.
    pub client_uat: i64,
    /// The browser token of a development instance.
    pub dev_browser: Option<String>,
    /// The token of a finished handshake.
    pub handshake_token: Option<String>,
    /// The nonce of a finished handshake.
    pub handshake_nonce: Option<String>,
    /// The number of consecutive handshake redirects.
    pub redirect_count: f64,
    pub(crate) refresh_token: Option<String>,
}

impl<'a> Context<'a> {
    /// Extracts the data of a request.
    pub fn new(request: &'a RequestHead, options: &'a RequestOptions) -> Self {
        let url = if options.trust_forwarded {
            request.forwarded_url()
        } else {
            request.url().clone()
        };
        let origin = origin_of(&url);
        let proxy_url = options.proxy_url.as_deref().filter(|proxy| !proxy.is_empty());
        let proxy_url = proxy_url.map(|proxy| {
            if proxy.starts_with('/') {
                format!("{origin}{proxy}")
            } else {
                proxy.to_owned()
            }
        });
        let jar = CookieJar {
            cookies: Cookies::parse(request.header("cookie").unwrap_or_default()),
            suffix: options.publishable_key.cookie_suffix(),
        };
        let suffixed = jar.suffixed_cookies_count(options);
        let picked = |name: &str| {
            if suffixed {
                jar.suffixed(name)
            } else {
                jar.plain(name)
            }
        };
        let query = |name: &str| query_param(&url, name).filter(|value| !value.is_empty());
        Self {
            request,
            options,
            frontend_api: frontend_api(options, proxy_url.as_deref()),
            proxy_url,
            uses_suffixed_cookies: suffixed,
            token_in_header: bearer_token(request.header("authorization")).map(str::to_owned),
            session_token: picked(SESSION),
            client_uat: picked(CLIENT_UAT)
                .and_then(|uat| leading_integer(&uat))
                .unwrap_or(0),
            dev_browser: query(DEV_BROWSER).or_else(|| picked(DEV_BROWSER)),
            handshake_token: query(HANDSHAKE).or_else(|| jar.plain(HANDSHAKE)),
            handshake_nonce: query(HANDSHAKE_NONCE).or_else(|| jar.plain(HANDSHAKE_NONCE)),
            redirect_count: jar
                .plain(REDIRECT_COUNT)
                .map_or(0.0, |count| number_or_zero(&count)),
            refresh_token: jar.suffixed(REFRESH),
            url,
        }
    }

    /// The public origin.
    pub fn origin(&self) -> String {
        origin_of(&self.url)
    }

    pub(crate) fn is_development(&self) -> bool {
        self.options.publishable_key.is_development()
    }

    pub(crate) fn is_get(&self) -> bool {
        self.request.method() == "GET"
    }

    /// Whether the request is for a document that can be redirected: a GET with `Sec-Fetch-Dest`
    /// `document` or `iframe`, or without that header and with `Accept: text/html`.
    pub fn is_eligible_for_handshake(&self) -> bool {
        self.is_get()
            && match self.request.header("sec-fetch-dest") {
                Some(destination) => matches!(destination, "document" | "iframe"),
                None => self
                    .request
                    .header("accept")
                    .is_some_and(|accept| accept.starts_with("text/html")),
            }
    }

    /// The token to refresh or to pass to Clerk: the cookie's before the header's.
    pub(crate) fn any_session_token(&self) -> Option<&str> {
        self.session_token.as_deref().or(self.token_in_header.as_deref())
    }
}

/// The Frontend API of this application: its proxy, or else the direct host.
fn frontend_api(options: &RequestOptions, proxy_url: Option<&str>) -> String {
    proxy_url.map_or_else(|| own_frontend_api(options), str::to_owned)
}

/// The Frontend API without a proxy: the satellite's own in production, else that of the key.
fn own_frontend_api(options: &RequestOptions) -> String {
    let key = &options.publishable_key;
    match options.domain.as_deref().filter(|domain| !domain.is_empty()) {
        Some(domain) if options.is_satellite && !key.is_development() => format!("clerk.{domain}"),
        _ => key.frontend_api().to_owned(),
    }
}

/// The cookies of a request, with and without this instance's suffix.
struct CookieJar<'a> {
    cookies: Cookies<'a>,
    suffix: String,
}

impl CookieJar<'_> {
    fn plain(&self, name: &str) -> Option<String> {
        self.cookies.get(name).map(std::borrow::Cow::into_owned)
    }

    fn suffixed(&self, name: &str) -> Option<String> {
        self.plain(&format!("{name}_{}", self.suffix))
    }

    /// Whether the suffixed cookies are used. They belong to this instance for certain, but an older
    /// library that sets only plain cookies may have signed in or out since.
    fn suffixed_cookies_count(&self, options: &RequestOptions) -> bool {
        let (uat, suffixed_uat) = (self.plain(CLIENT_UAT), self.suffixed(CLIENT_UAT));
        let (session, suffixed_session) = (self.plain(SESSION), self.suffixed(SESSION));
        let token = session
            .as_deref()
            .and_then(|text| UnverifiedToken::parse(text).ok());
        if session.is_some() {
            let issuer = token
                .as_ref()
                .and_then(|token| token.claim("iss"))
                .filter(|iss| truthy(iss));
            let Some(issuer) = issuer else { return false };
            if !is_issued_by(issuer, &own_frontend_api(options)) {
                return true;
            }
        }
        if suffixed_uat.is_none() && suffixed_session.is_none() {
            return false;
        }
        let suffixed_token = suffixed_session
            .as_deref()
            .and_then(|text| UnverifiedToken::parse(text).ok());
        let newer = issued_at(token.as_ref()) > issued_at(suffixed_token.as_ref());
        let (out, suffixed_out) = (uat.as_deref() == Some("0"), suffixed_uat.as_deref() == Some("0"));
        if !out && (suffixed_out || newer) {
            return false;
        }
        let stale = !suffixed_out && out && is_expired(suffixed_token.as_ref(), options.token.now_ms);
        if options.publishable_key.is_development() && stale {
            return false;
        }
        suffixed_uat.is_some() || suffixed_session.is_none()
    }
}

fn is_issued_by(issuer: &Value, frontend_api: &str) -> bool {
    let Some(issuer) = issuer.as_str() else {
        return false;
    };
    let host = ["https://", "http://"].iter().find_map(|scheme| {
        let prefix = issuer.get(..scheme.len())?;
        prefix
            .eq_ignore_ascii_case(scheme)
            .then(|| issuer.get(scheme.len()..))
            .flatten()
    });
    host.unwrap_or(issuer) == frontend_api
}

fn issued_at(token: Option<&UnverifiedToken<'_>>) -> f64 {
    let iat = to_number(token.and_then(|token| token.claim("iat")));
    if iat.is_nan() { 0.0 } else { iat }
}

fn is_expired(token: Option<&UnverifiedToken<'_>>, now_ms: i64) -> bool {
    to_number(token.and_then(|token| token.claim("exp"))) <= (now_ms.div_euclid(1000)) as f64
}
