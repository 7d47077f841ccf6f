//! Parsing of requests: path segments, queries, JSON bodies.

use http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use url::Url;
use uuid::Uuid;

use crate::{Body, Error, json_body};

/// A request. The URI is absolute.
pub type Request = http::Request<Body>;

/// The path's segments: `/api/personas/1` is `["api", "personas", "1"]`. A trailing slash is ignored.
pub fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|segment| !segment.is_empty()).collect()
}

/// The decoded value of a query parameter.
pub fn query(request: &Request, name: &str) -> Option<String> {
    let query = request.uri().query()?;
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// An id from a path. Every id is a UUID, so anything else is not found.
///
/// # Errors
/// [`Error::NotFound`].
pub fn id(segment: &str, what: &'static str) -> Result<Uuid, Error> {
    Uuid::try_parse(segment).map_err(|_| Error::NotFound(what))
}

/// An id from the query, if there is one.
///
/// # Errors
/// [`Error::Malformed`] if it is not a UUID.
pub fn query_id(request: &Request, name: &'static str) -> Result<Option<Uuid>, Error> {
    query(request, name)
        .map(|value| Uuid::try_parse(&value).map_err(|_| Error::Malformed(format!("`{name}` is not an id."))))
        .transpose()
}

/// `scheme://host[:port]` of the request.
///
/// # Errors
/// [`Error::Malformed`] for a request without a host.
pub fn origin(request: &Request) -> Result<String, Error> {
    let malformed = || Error::Malformed("The request has no host.".into());
    let scheme = request.uri().scheme_str().ok_or_else(malformed)?;
    let authority = request.uri().authority().ok_or_else(malformed)?;
    Ok(format!("{scheme}://{authority}"))
}

/// The request's URL, parsed by the WHATWG rules.
///
/// # Errors
/// [`Error::Malformed`].
pub fn url(request: &Request) -> Result<Url, Error> {
    Url::parse(&request.uri().to_string()).map_err(|_| Error::Malformed("The URL is invalid.".into()))
}

/// A header as text. `None` if it is not visible ASCII.
pub fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Rejects a body by its declared length, before it is read.
///
/// # Errors
/// [`Error::TooLarge`].
pub fn check_length(headers: &HeaderMap, bytes_max: usize) -> Result<(), Error> {
    let declared =
        header_text(headers, header::CONTENT_LENGTH.as_str()).and_then(|text| text.parse::<u64>().ok());
    match declared {
        Some(length) if length > bytes_max as u64 => Err(Error::TooLarge { bytes_max }),
        _ => Ok(()),
    }
}

/// Reads a JSON body.
///
/// # Errors
/// 415 for another content type or charset, 413 above [`api::limits::JSON_BYTES_MAX`], 408 if it takes too long, 400 if it
/// is not JSON or not a `T`. The message names the field.
pub async fn read_json<T: DeserializeOwned>(request: Request) -> Result<T, Error> {
    read_json_within(request, api::limits::JSON_BYTES_MAX).await
}

/// Reads a JSON body of at most `bytes_max` bytes.
///
/// # Errors
/// As [`read_json`], with another limit.
pub async fn read_json_within<T: DeserializeOwned>(request: Request, bytes_max: usize) -> Result<T, Error> {
    let (parts, body) = request.into_parts();
    let kind = header_text(&parts.headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    check_json(kind)?;
    check_length(&parts.headers, bytes_max)?;
    let bytes = body.read(bytes_max).await?;
    json_body::parse(&bytes)
}

/// Whether a content type is JSON in UTF-8, the only encoding of JSON on the network (RFC 8259 §8.1).
fn check_json(content_type: &str) -> Result<(), Error> {
    let mut parts = content_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Error::UnsupportedMediaType(
            "Send JSON, with the content type application/json.",
        ));
    }
    let is_utf8 = |parameter: &str| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    };
    if parts.all(is_utf8) {
        Ok(())
    } else {
        Err(Error::UnsupportedMediaType(
            "Send JSON in UTF-8. Other charsets are not supported.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_utf8() {
        for (kind, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json;charset=\"utf-8\"; x=y", true),
            ("application/json; x=charset", true),
            ("application/json; charset=utf-16", false),
            ("application/json; Charset=iso-8859-1", false),
            ("application/json; charset=utf-8; charset=latin1", false),
            ("application/json; charset", true),
            ("application/json; charset=", false),
            ("text/plain; charset=utf-8", false),
            ("", false),
        ] {
            assert_eq!(check_json(kind).is_ok(), expected, "{kind}");
        }
    }
}
