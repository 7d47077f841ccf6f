//! Outbound requests and the limits of time of everything that a function waits for.

use std::future::Future;

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::{Method, StatusCode, header};

use crate::{Body, Error, Host, Request};

/// The largest answer of Clerk's Backend API that is read.
pub const CLERK_ANSWER_BYTES_MAX: usize = 1_048_576;
/// The longest wait for a whole answer of Clerk's Backend API.
pub const CLERK_API_MS_MAX: u32 = 5_000;
/// The same for a person's profile during sign-in, which goes on without it.
pub const CLERK_PROFILE_MS_MAX: u32 = 3_000;
/// The longest wait for the head of an answer of Clerk's Frontend API, behind the proxy.
pub const CLERK_PROXY_MS_MAX: u32 = 15_000;
/// The longest wait for the head of the model's answer. Loading a model takes long.
pub const MODEL_MS_MAX: u32 = 120_000;
/// The longest wait for the head of a static asset.
pub const ASSET_MS_MAX: u32 = 10_000;
/// The longest wait for the head of another function's answer. It is longer than a request's body may take (a minute)
/// and than the function's own limits together, so that the function itself reports a time-out.
pub const DISPATCH_MS_MAX: u32 = 100_000;
/// The longest wait for the file store: for a write, for the head of a read, for a deletion.
pub const FILE_STORE_MS_MAX: u32 = 15_000;
/// The longest wait for the runtime's cache. A miss costs little.
pub const CACHE_MS_MAX: u32 = 1_000;

/// `work`, or [`Error::Unavailable`] after `ms_max` milliseconds. `what` names it in the log.
///
/// # Errors
/// Those of `work`, and the time-out.
pub async fn within<T>(
    host: &impl Host,
    ms_max: u32,
    what: &str,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match select(Box::pin(work), Box::pin(host.sleep(ms_max))).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => Err(Error::unavailable(format!("{what} took more than {ms_max} ms"))),
    }
}

/// A request to Clerk's Backend API with the secret key: status and body.
///
/// # Errors
/// [`Error::Unavailable`] where there is no whole answer within [`CLERK_API_MS_MAX`].
pub async fn clerk_api(
    host: &impl Host,
    method: Method,
    path_and_query: &str,
    json: Option<String>,
) -> Result<(StatusCode, Bytes), Error> {
    let config = host.config();
    let mut request = http::Request::builder()
        .method(method)
        .uri(format!("{}{path_and_query}", config.clerk_api_url))
        .header(
            header::AUTHORIZATION,
            format!("Bearer {}", config.clerk_secret_key.reveal()),
        )
        .header("clerk-api-version", clerk::API_VERSION)
        .header(header::ACCEPT, "application/json");
    if json.is_some() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    let request: Request = request
        .body(json.map_or(Body::Empty, Body::from))
        .map_err(Error::internal)?;
    within(host, CLERK_API_MS_MAX, "Clerk's Backend API", async {
        let answer = host.fetch(request, CLERK_API_MS_MAX).await?;
        let status = answer.status();
        let bytes = answer
            .into_body()
            .read(CLERK_ANSWER_BYTES_MAX)
            .await
            .map_err(Error::unavailable)?;
        Ok((status, bytes))
    })
    .await
}
