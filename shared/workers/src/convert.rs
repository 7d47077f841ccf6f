//! Between the runtime's requests and responses and ours.

use std::any::Any;

use bytes::Bytes;
use futures_util::TryStreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Headers, RequestInit, RequestRedirect, ResponseInit};

use edge::{Body, Error, Request, Response};

use crate::stream::UnreadStream;

fn js(error: JsValue) -> Error {
    Error::internal(format!("{error:?}"))
}

fn headers_from_runtime(from: &Headers) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    for entry in from.entries() {
        let entry: Array = entry.map_err(js)?.unchecked_into();
        let (Some(name), Some(value)) = (entry.get(0).as_string(), entry.get(1).as_string()) else {
            continue;
        };
        // A header that HTTP does not allow is nobody's; it is dropped rather than failing the request.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    Ok(headers)
}

fn headers_to_runtime(from: &HeaderMap) -> Result<Headers, Error> {
    let headers = Headers::new().map_err(js)?;
    for (name, value) in from {
        // Header values are byte strings; the runtime takes them as Latin-1.
        let text: String = value.as_bytes().iter().map(|&byte| char::from(byte)).collect();
        headers.append(name.as_str(), &text).map_err(js)?;
    }
    Ok(headers)
}

pub(super) fn request_from_runtime(raw: &web_sys::Request) -> Result<Request, Error> {
    let malformed = |what: &str| Error::Malformed(format!("The request's {what} cannot be read."));
    let method = Method::from_bytes(raw.method().as_bytes()).map_err(|_| malformed("method"))?;
    let uri = Uri::try_from(raw.url()).map_err(|_| malformed("address"))?;
    let mut request = Request::new(
        raw.body()
            .map_or(Body::Empty, |body| Body::Runtime(Box::new(UnreadStream(body)))),
    );
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers_from_runtime(&raw.headers())?;
    Ok(request)
}

/// A request of ours for the runtime; redirects are the caller's business.
pub(super) fn request_to_runtime(request: Request) -> Result<web_sys::Request, Error> {
    let (parts, body) = request.into_parts();
    let init = RequestInit::new();
    init.set_method(parts.method.as_str());
    init.set_redirect(RequestRedirect::Manual);
    init.set_headers(&headers_to_runtime(&parts.headers)?.into());
    // The runtime refuses a GET with a body; HTTP gives such a body no meaning.
    let bodiless = matches!(parts.method, Method::GET | Method::HEAD);
    if let (false, Some(body)) = (bodiless, body_to_runtime(body)?) {
        init.set_body(&body);
    }
    web_sys::Request::new_with_str_and_init(&parts.uri.to_string(), &init).map_err(js)
}

pub(super) fn response_from_runtime(raw: &web_sys::Response) -> Result<Response, Error> {
    let mut response = Response::new(
        raw.body()
            .map_or(Body::Empty, |body| Body::Runtime(Box::new(UnreadStream(body)))),
    );
    *response.status_mut() = http::StatusCode::from_u16(raw.status()).map_err(Error::internal)?;
    *response.headers_mut() = headers_from_runtime(&raw.headers())?;
    Ok(response)
}

pub(super) fn response_to_runtime(response: Response) -> Result<web_sys::Response, worker::Error> {
    let (parts, body) = response.into_parts();
    let rust = |error: Error| worker::Error::RustError(error.to_string());
    let init = ResponseInit::new();
    init.set_status(parts.status.as_u16());
    init.set_headers(&headers_to_runtime(&parts.headers).map_err(rust)?.into());
    let body = body_to_runtime(body).map_err(rust)?;
    // The constructor takes any body at run time; its binding asks for one kind.
    Ok(web_sys::Response::new_with_opt_readable_stream_and_init(
        body.as_ref().map(JsCast::unchecked_ref),
        &init,
    )?)
}

fn body_to_runtime(body: Body) -> Result<Option<JsValue>, Error> {
    Ok(match body {
        Body::Empty => None,
        Body::Whole(bytes) => Some(Uint8Array::from(bytes.as_ref()).into()),
        Body::Runtime(stream) => {
            let stream: Box<dyn Any> = stream;
            let stream = stream
                .downcast::<UnreadStream>()
                .map_err(|_| Error::internal("a body of another runtime"))?;
            Some(stream.0.into())
        }
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
