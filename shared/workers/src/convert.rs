//! Converts requests and responses between the runtime's types and edge's.

use std::{any::Any, net::IpAddr, sync::Arc};

use bytes::Bytes;
use futures_util::TryStreamExt;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, Uri};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, Headers, ReadableStream, RequestInit, RequestRedirect, ResponseInit};
use worker::send::SendWrapper;

use edge::{
    Body, Error, Request, Response,
    body::RuntimeStream,
    client_address::{Peer, address},
};

use crate::stream::UnreadStream;

fn js(error: JsValue) -> Error {
    Error::internal(format!("{error:?}"))
}

/// The runtime decodes header values as UTF-8 and replaces invalid bytes by this character.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// The runtime's headers, kept if a value is not UTF-8 (obs-text, RFC 9110 §5.5). Only a copy of the object preserves the
/// bytes of such a value.
#[derive(Clone)]
struct RawHeaders(Arc<SendWrapper<Headers>>);

fn read_headers(from: &Headers) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    for entry in from.entries() {
        let entry: Array = entry.map_err(js)?.unchecked_into();
        let (Some(name), Some(value)) = (entry.get(0).as_string(), entry.get(1).as_string()) else {
            continue;
        };
        // Invalid headers are dropped instead of failing the request.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    Ok(headers)
}

fn is_lossy(value: &HeaderValue) -> bool {
    // Fast path: most values are ASCII.
    !value.as_bytes().is_ascii()
        && value
            .as_bytes()
            .windows(REPLACEMENT.len())
            .any(|bytes| bytes == REPLACEMENT)
}

fn headers_from_runtime(from: Headers, extensions: &mut Extensions) -> Result<HeaderMap, Error> {
    let headers = read_headers(&from)?;
    if headers.values().any(is_lossy) {
        extensions.insert(RawHeaders(Arc::new(SendWrapper(from))));
    }
    Ok(headers)
}

fn headers_to_runtime(from: &HeaderMap, extensions: &Extensions) -> Result<Headers, Error> {
    let headers = match extensions.get::<RawHeaders>() {
        Some(raw) => lossy_headers(from, &raw.0.0)?,
        None => Headers::new().map_err(js)?,
    };
    for name in from.keys() {
        if headers.has(name.as_str()).map_err(js)? {
            continue;
        }
        for value in from.get_all(name) {
            // The runtime encodes text as UTF-8, so valid UTF-8 is preserved.
            let text = String::from_utf8_lossy(value.as_bytes());
            headers.append(name.as_str(), &text).map_err(js)?;
        }
    }
    Ok(headers)
}

/// A copy of the runtime's headers with only those that are not UTF-8 and were not changed.
fn lossy_headers(current: &HeaderMap, raw: &Headers) -> Result<Headers, Error> {
    let original = read_headers(raw)?;
    let copy = Headers::new_with_headers(raw).map_err(js)?;
    for name in original.keys() {
        let values = original.get_all(name);
        let kept = values.iter().any(is_lossy) && values == current.get_all(name);
        if !kept {
            copy.delete(name.as_str()).map_err(js)?;
        }
    }
    Ok(copy)
}

pub(super) fn request_from_runtime(raw: &web_sys::Request) -> Result<Request, Error> {
    let malformed = |what: &str| Error::Malformed(format!("The request's {what} is invalid."));
    let method = Method::from_bytes(raw.method().as_bytes()).map_err(|_| malformed("method"))?;
    let uri = Uri::try_from(raw.url()).map_err(|_| malformed("URL"))?;
    let mut request = Request::new(body_from_runtime(raw.body()));
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers_from_runtime(raw.headers(), request.extensions_mut())?;
    if let Some(peer) = peer(raw) {
        request.extensions_mut().insert(Peer(peer));
    }
    Ok(request)
}

/// The peer's address, which plain workerd provides in `cf.clientIp`. Cloudflare's `cf` does not have it, and a client
/// cannot set it.
fn peer(raw: &web_sys::Request) -> Option<IpAddr> {
    let cf = Reflect::get(raw, &"cf".into()).ok()?;
    let client = Reflect::get(cf.dyn_ref::<Object>()?, &"clientIp".into()).ok()?;
    address(&client.as_string()?)
}

/// Converts a request. Redirects are not followed.
pub(super) fn request_to_runtime(
    request: Request,
    signal: Option<&AbortSignal>,
) -> Result<web_sys::Request, Error> {
    let (parts, body) = request.into_parts();
    let init = RequestInit::new();
    init.set_method(parts.method.as_str());
    init.set_redirect(RequestRedirect::Manual);
    init.set_headers(&headers_to_runtime(&parts.headers, &parts.extensions)?.into());
    init.set_signal(signal);
    // The runtime rejects a GET with a body. Such a body has no meaning in HTTP.
    let bodiless = matches!(parts.method, Method::GET | Method::HEAD);
    if !bodiless && let Some(body) = body_to_runtime(body)? {
        init.set_body(&body);
    }
    web_sys::Request::new_with_str_and_init(&parts.uri.to_string(), &init).map_err(js)
}

pub(super) fn response_from_runtime(raw: &web_sys::Response) -> Result<Response, Error> {
    let mut response = Response::new(body_from_runtime(raw.body()));
    *response.status_mut() = http::StatusCode::from_u16(raw.status()).map_err(Error::internal)?;
    *response.headers_mut() = headers_from_runtime(raw.headers(), response.extensions_mut())?;
    Ok(response)
}

pub(super) fn response_to_runtime(response: Response) -> Result<web_sys::Response, worker::Error> {
    let (parts, body) = response.into_parts();
    let rust = |error: Error| worker::Error::RustError(error.to_string());
    let init = ResponseInit::new();
    init.set_status(parts.status.as_u16());
    init.set_headers(
        &headers_to_runtime(&parts.headers, &parts.extensions)
            .map_err(rust)?
            .into(),
    );
    let body = body_to_runtime(body).map_err(rust)?;
    // The constructor accepts any kind of body, but its binding only one.
    Ok(web_sys::Response::new_with_opt_readable_stream_and_init(
        body.as_ref().map(JsCast::unchecked_ref),
        &init,
    )?)
}

fn body_from_runtime(body: Option<ReadableStream>) -> Body {
    body.map_or(Body::Empty, |body| {
        Body::Runtime(Box::new(UnreadStream::new(body)))
    })
}

fn body_to_runtime(body: Body) -> Result<Option<JsValue>, Error> {
    Ok(match body {
        Body::Empty => None,
        Body::Whole(bytes) => Some(Uint8Array::from(bytes.as_ref()).into()),
        Body::Runtime(stream) => Some(stream_to_runtime(stream)?),
        Body::Incoming(incoming) => incoming.into_runtime().map(stream_to_runtime).transpose()?,
        Body::Stream(chunks) => {
            let chunks = chunks
                .map_ok(|chunk: Bytes| chunk.to_vec())
                .map_err(|broken| worker::Error::RustError(broken.to_string()));
            let response =
                worker::Response::from_stream(chunks).map_err(|error| Error::internal(error.to_string()))?;
            let raw: web_sys::Response = response.into();
            raw.body().map(JsValue::from)
        }
    })
}

fn stream_to_runtime(stream: Box<dyn RuntimeStream>) -> Result<JsValue, Error> {
    let stream: Box<dyn Any> = stream;
    let stream = stream
        .downcast::<UnreadStream>()
        .map_err(|_| Error::internal("a body of another runtime"))?;
    stream
        .into_inner()
        .map(JsValue::from)
        .ok_or_else(|| Error::internal("a body that was forwarded before"))
}
