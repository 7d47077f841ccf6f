//! Outbound requests and their time limits.

use std::future::Future;

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::{Method, StatusCode, header};

use crate::{Body, Error, Host, Request};

/// The size limit of a response of Clerk's Backend API.
pub const CLERK_RESPONSE_BYTES_MAX: usize = 1_048_576;
/// The time limit of a request to Clerk's Backend API, including the body of the response.
pub const CLERK_API_MS_MAX: u32 = 5_000;
/// The same for a user's profile in the callback, which continues without it.
pub const CLERK_PROFILE_MS_MAX: u32 = 3_000;
/// The time limit for the response head of Clerk's Frontend API in the proxy.
pub const CLERK_PROXY_MS_MAX: u32 = 15_000;
/// The time limit for the response head of a static asset.
pub const ASSET_MS_MAX: u32 = 10_000;
/// The time limit for the response head of another function. It exceeds the limit of a request's body (a minute) plus the
/// function's own limits, so that the function itself reports a timeout.
pub const DISPATCH_MS_MAX: u32 = 100_000;
/// The time limit of the file store: for a write, the head of a read, or a deletion.
pub const FILE_STORE_MS_MAX: u32 = 15_000;
/// The time limit of the runtime's cache. A miss costs little.
pub const CACHE_MS_MAX: u32 = 1_000;

/// Runs `work` with a time limit. `what` names it in the log.
///
/// # Errors
/// Those of `work`, and [`Error::Unavailable`] after `ms_max` milliseconds.
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

/// Sends a request to Clerk's Backend API with the secret key. Returns status and body.
///
/// # Errors
/// [`Error::Unavailable`] without a complete response within [`CLERK_API_MS_MAX`].
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
        let response = host.fetch(request, CLERK_API_MS_MAX).await?;
        let status = response.status();
        let bytes = response
            .into_body()
            .read(CLERK_RESPONSE_BYTES_MAX)
            .await
            .map_err(Error::unavailable)?;
        Ok((status, bytes))
    })
    .await
}
