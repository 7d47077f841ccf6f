//! The page guard: authenticates a document request as Clerk's own SDK does, handshake included.
//!
//! Documents only. API routes never come here: they take a bearer token or answer 401.

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

/// Who asks for a document.
#[derive(Debug)]
pub enum Visitor {
    /// Somebody who is signed in. The response must carry these headers.
    SignedIn(UserId, SessionHeaders),
    /// Somebody who is not. The response must carry these headers.
    SignedOut(SessionHeaders),
    /// Nobody knows yet: the response is this redirect, to Clerk or to the address without Clerk's parameters.
    Redirect(Response),
    /// The browser was redirected to Clerk three times in a row and its session is still refused, for this reason.
    RedirectLoop(String),
    /// The address carries a handshake token that is invalid or of another instance. Only development instances
    /// report it; in production such a token is ignored.
    InvalidHandshake(String),
}

/// Response headers that belong to the session: Clerk's cookies and the caching rules.
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

/// Finds out who asks for a document.
///
/// # Errors
/// 503 where Clerk's keys cannot be had, 500 for a configuration that cannot work.
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
    .map_err(|_| Error::Malformed("The address cannot be read.".into()))?;
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

/// Whether the session cookie holds a token without `azp`. Clerk mints one where the browser sent it no `Origin`, as on
/// a navigation. Refusing it would send the visitor to the sign-in page, where ClerkJS finds them signed in and sends
/// them back, and so on. Documents hold no data, and the API refuses such a token.
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
        // Without keys nobody knows whether the session is good: signing in again would not help.
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
