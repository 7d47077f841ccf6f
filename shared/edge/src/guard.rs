//! The page guard: authenticates document requests like Clerk's SDK, including the handshake.
//!
//! API routes do not use it. They require a bearer token.

use clerk::{
    ApiRequest, ApiResponse, AuthError, AuthReason, Backend, RequestOptions, RequestState, Unreachable,
    UnverifiedToken,
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use crate::{
    Body, Error, Host, Request, Response, UserId,
    auth::{absolute, token_options},
    keys::HostVerifier,
    outbound,
    request::{self, origin},
};

/// The result of authenticating a document request.
#[derive(Debug)]
pub enum Visitor {
    /// A signed-in user. The response must have these headers.
    SignedIn(UserId, SessionHeaders),
    /// No session. The response must have these headers.
    SignedOut(SessionHeaders),
    /// Undecided. The response is this redirect: to Clerk, or to the URL without Clerk's parameters.
    Redirect(Response),
    /// The browser was redirected to Clerk three times in a row, and its session is still rejected for this reason.
    RedirectLoop(String),
    /// The URL has a handshake token that is invalid or belongs to another instance. Only development instances
    /// report it; in production such a token is ignored.
    InvalidHandshake(String),
}

/// Response headers of the session: Clerk's cookies and the caching rules.
#[derive(Debug, Default)]
pub struct SessionHeaders(Vec<(HeaderName, HeaderValue)>);

impl SessionHeaders {
    fn of(state: &RequestState) -> Self {
        let pairs = state.headers().iter().filter(|(name, _)| *name != "location");
        let parsed = pairs.filter_map(|(name, value)| {
            Some((
                HeaderName::try_from(*name).ok()?,
                HeaderValue::try_from(value).ok()?,
            ))
        });
        Self(parsed.collect())
    }

    /// Adds them to a response.
    pub fn apply(self, response: &mut Response) {
        for (name, value) in self.0 {
            if name == header::SET_COOKIE {
                response.headers_mut().append(name, value);
            } else {
                response.headers_mut().insert(name, value);
            }
        }
        response
            .headers_mut()
            .insert(header::VARY, HeaderValue::from_static("Cookie, Sec-Fetch-Dest"));
    }
}

impl<H: Host> Backend for HostVerifier<'_, H> {
    async fn call(&self, request: ApiRequest) -> Result<ApiResponse, Unreachable> {
        let method = Method::try_from(request.method).map_err(|error| Unreachable(error.to_string()))?;
        let body = request.body.map(|body| body.to_string());
        let (status, body) = outbound::clerk_api(self.0, method, &request.path, body)
            .await
            .map_err(|error| Unreachable(error.to_string()))?;
        Ok(ApiResponse {
            status: status.as_u16(),
            body: body.to_vec(),
        })
    }

    fn warn(&self, line: &str) {
        self.0.log(line);
    }
}

/// Authenticates a document request.
///
/// # Errors
/// 503 if Clerk's keys cannot be loaded, 500 for an invalid configuration.
pub async fn authenticate_document(request: &Request, host: &impl Host) -> Result<Visitor, Error> {
    let config = host.config();
    let mut options = RequestOptions {
        proxy_url: config
            .clerk_proxy_url
            .as_deref()
            .map(|proxy| absolute(proxy, &origin(request).unwrap_or_default())),
        ..RequestOptions::new(
            config.clerk_publishable_key.clone(),
            config.clerk_secret_key.reveal(),
            token_options(request, host)?,
        )
    };
    let headers = request
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let asked = clerk::RequestHead::new(
        request.method().as_str(),
        request::url(request)?.as_str(),
        headers,
    )
    .map_err(|_| Error::Malformed("The URL is invalid.".into()))?;
    if lacks_party(&asked, &options) {
        options.token.authorized_parties.clear();
    }
    let state = match clerk::authenticate_request(&asked, &options, &HostVerifier(host)).await {
        Ok(state) => state,
        Err(error @ (AuthError::HandshakeSignature | AuthError::HandshakeToken(_))) => {
            return Ok(Visitor::InvalidHandshake(error.to_string()));
        }
        Err(misconfigured) => return Err(Error::internal(misconfigured)),
    };
    if let Some(reason) = state.reason() {
        host.log(&format!("document {}: {reason}", state.status()));
    }
    visitor(&state)
}

/// Whether the session cookie holds a token without `azp`. Clerk mints one for a request without an `Origin` header, such
/// as a navigation. Rejecting it would cause a redirect loop: ClerkJS on the sign-in page finds the session and redirects
/// back. Documents contain no data, and the API rejects such a token.
fn lacks_party(asked: &clerk::RequestHead, options: &RequestOptions) -> bool {
    let context = clerk::Context::new(asked, options);
    context.token_in_header.is_none()
        && context
            .session_token
            .as_deref()
            .and_then(|text| UnverifiedToken::parse(text).ok())
            .is_some_and(|token| token.claim("azp").is_none())
}

fn visitor(state: &RequestState) -> Result<Visitor, Error> {
    let headers = SessionHeaders::of(state);
    if let Some(location) = state.location() {
        let mut response = Response::new(Body::Empty);
        *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
        headers.apply(&mut response);
        let location = HeaderValue::try_from(location).map_err(Error::internal)?;
        response.headers_mut().insert(header::LOCATION, location);
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return Ok(Visitor::Redirect(response));
    }
    match state {
        RequestState::SignedOut(out) if out.redirect_loop => {
            Ok(Visitor::RedirectLoop(out.reason.to_string()))
        }
        // Without keys the session cannot be verified. Signing in again would not help.
        RequestState::SignedOut(out) if is_ours(&out.reason) => {
            Err(Error::unavailable(out.reason.to_string()))
        }
        RequestState::SignedIn(signed_in) => Ok(match signed_in.claims.session() {
            Ok(session) => Visitor::SignedIn(UserId::from_clerk(&session.user_id), headers),
            Err(_) => Visitor::SignedOut(headers),
        }),
        _ => Ok(Visitor::SignedOut(headers)),
    }
}

fn is_ours(reason: &AuthReason) -> bool {
    match reason {
        AuthReason::Token(reason) => reason.is_ours(),
        AuthReason::Unexpected => true,
        _ => false,
    }
}
