//! The page guard: judges a document request as Clerk's own SDK would, handshake and all.
//!
//! Documents only. API routes never come here: they take a bearer token or answer 401.

use clerk::{ApiRequest, ApiResponse, AuthError, Backend, RequestOptions, RequestState, Unreachable};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use crate::{
    Body, Error, Host, Request, Response, UserId,
    auth::{absolute, token_options},
    keys::HostVerifier,
    outbound,
    request::{self, origin},
};

/// What becomes of a document request.
#[derive(Debug)]
pub enum Document {
    /// Somebody is signed in; send these headers with whatever is answered.
    SignedIn(UserId, Headers),
    /// Nobody is; send these headers with whatever is answered.
    SignedOut(Headers),
    /// Answer this and nothing else: Clerk is asked, or the address is cleaned.
    Redirect(Response),
    /// Clerk and we disagree again and again, for this reason. Say so instead of redirecting once more.
    Loop(String),
    /// The address brings an answer of Clerk's that Clerk did not give, or gave for another instance. Only a
    /// development instance says so: in production such an answer is as good as none.
    Forged(String),
}

/// Headers that belong to the judgement: cookies that Clerk set, and how long it may be kept.
#[derive(Debug, Default)]
pub struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
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

/// Judges a document request.
///
/// # Errors
/// 503 where Clerk cannot be asked, 500 for a configuration that cannot work.
pub async fn judge(request: &Request, host: &impl Host) -> Result<Document, Error> {
    let config = host.config();
    let options = RequestOptions {
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
    let state = match clerk::authenticate_request(&asked, &options, &HostVerifier(host)).await {
        Ok(state) => state,
        Err(error @ (AuthError::HandshakeSignature | AuthError::HandshakeToken(_))) => {
            return Ok(Document::Forged(error.to_string()));
        }
        Err(misconfigured) => return Err(Error::internal(misconfigured)),
    };
    if let Some(reason) = state.reason() {
        host.log(&format!("document {}: {reason}", state.status()));
    }
    decide(&state)
}

fn decide(state: &RequestState) -> Result<Document, Error> {
    let headers = Headers::of(state);
    if let Some(location) = state.location() {
        let mut response = Response::new(Body::Empty);
        *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
        headers.apply(&mut response);
        let location = HeaderValue::try_from(location).map_err(Error::internal)?;
        response.headers_mut().insert(header::LOCATION, location);
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return Ok(Document::Redirect(response));
    }
    Ok(match state {
        RequestState::SignedOut(out) if out.redirect_loop => Document::Loop(out.reason.to_string()),
        RequestState::SignedIn(signed_in) => match signed_in.claims.session() {
            Ok(session) => Document::SignedIn(UserId::from_clerk(&session.user_id), headers),
            Err(_) => Document::SignedOut(headers),
        },
        _ => Document::SignedOut(headers),
    })
}
