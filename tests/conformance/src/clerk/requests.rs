//! Helpers for cases with requests.

use super::host::{CaseHost, Keys, ready};
use super::{options, text};
use clerk::{AuthError, RequestHead, RequestOptions, RequestState, authenticate_request};
use serde_json::Value;

/// The keys of a case: a PEM in its options, or else the Backend API.
pub fn keys(options: &Value) -> Keys {
    match options.get("jwtKey").filter(|key| **key != "") {
        Some(key) => Keys::Local(options::key(key)),
        None => Keys::Remote("https://api.clerk.test/v1/jwks".to_owned()),
    }
}

/// Authenticates the request of a case.
pub fn authenticate(
    case: &Value,
    options: &RequestOptions,
    host: &CaseHost<'_>,
) -> Result<Result<RequestState, AuthError>, String> {
    let request = request(case)?;
    ready(authenticate_request(&request, options, host))
}

/// The request of a case.
pub fn request(case: &Value) -> Result<RequestHead, String> {
    let request = case.get("request").cloned().unwrap_or_default();
    let headers = request
        .get("headers")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let headers = headers
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    RequestHead::new(text(&request, "method"), text(&request, "url"), headers)
        .map_err(|error| error.to_string())
}

/// The first line of an error: the advice after it differs between SDKs.
pub fn first_line(error: &str) -> Value {
    Value::from(error.lines().next().unwrap_or_default())
}
