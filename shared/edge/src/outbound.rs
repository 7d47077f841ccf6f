//! Small outbound requests: JSON in, JSON out, with a limit and a time.

use std::future::Future;

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::{Method, StatusCode, header};

use crate::{Body, Error, Host, Request};

/// The most that an answer of Clerk's Backend API may weigh.
pub const ANSWER_BYTES_MAX: usize = 1_048_576;

/// How long Clerk's Backend API may take.
pub const TIMEOUT_MS: u32 = 5_000;

/// `work`, or [`Error::Unavailable`] after `ms`.
///
/// # Errors
/// Those of `work`, and the time-out.
pub async fn within<T>(
    host: &impl Host,
    ms: u32,
    what: &str,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match select(Box::pin(work), Box::pin(host.sleep(ms))).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => Err(Error::unavailable(format!("{what} took more than {ms} ms"))),
    }
}

/// A request to Clerk's Backend API with the secret key: status and body.
///
/// # Errors
/// [`Error::Unavailable`] where there is no answer in time.
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
    within(host, TIMEOUT_MS, "Clerk's Backend API", async {
        let answer = host.fetch(request).await?;
        let status = answer.status();
        let bytes = answer
            .into_body()
            .read(ANSWER_BYTES_MAX)
            .await
            .map_err(Error::unavailable)?;
        Ok((status, bytes))
    })
    .await
}
