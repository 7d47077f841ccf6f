//! [`Host`] on Workers.

use std::{future::Future, rc::Rc};

use bytes::Bytes;
use clerk::Jwk;
use js_sys::{Date, Reflect, futures::JsFuture};
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use worker::{Cache, Env, HttpMetadata};

use edge::{
    Body, Config, Connection, DatabaseError, Error, Files, Host, Request, Response, StoredObject, ids,
};

use crate::{EventContext, convert, crypto, database, sleep::Sleep, stream::UnreadStream};

/// [`Host`] of one event.
#[derive(Clone)]
pub struct WorkersHost {
    config: Rc<Config>,
    env: Env,
    context: EventContext,
    request_id: Uuid,
}

impl WorkersHost {
    pub(super) fn new(config: Rc<Config>, env: Env, context: EventContext, request_id: Uuid) -> Self {
        Self {
            config,
            env,
            context,
            request_id,
        }
    }

    /// Passes a request to a Durable Object of this name.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the object does not answer.
    pub async fn to_owner(&self, namespace: &str, name: &str, request: Request) -> Result<Response, Error> {
        let away = |error: worker::Error| Error::unavailable(error.to_string());
        let stub = self
            .env
            .durable_object(namespace)
            .map_err(away)?
            .get_by_name(name)
            .map_err(away)?;
        let raw = convert::request_to_runtime(request)?;
        let answer: web_sys::Response = stub.fetch_with_request(raw.into()).await.map_err(away)?.into();
        convert::response_from_runtime(&answer)
    }

    /// Passes a request to whatever is bound under this name: another function, or the assets.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where it does not answer.
    pub async fn to_binding(&self, binding: &str, request: Request) -> Result<Response, Error> {
        let away = |error: JsValue| Error::unavailable(format!("{binding}: {error:?}"));
        let fetcher = Reflect::get(&self.env, &binding.into()).map_err(away)?;
        let raw = convert::request_to_runtime(request)?;
        let promise = fetcher
            .unchecked_into::<worker::worker_sys::Fetcher>()
            .fetch(&raw)
            .map_err(away)?;
        let answer: web_sys::Response = JsFuture::from(promise).await.map_err(away)?.unchecked_into();
        convert::response_from_runtime(&answer)
    }
}

/// Cache keys must be URLs; this one is never fetched.
fn cache_key(name: &str) -> String {
    format!("https://cache.persona.invalid/{name}")
}

/// Milliseconds since 1970.
fn now_ms() -> i64 {
    Date::now() as i64
}

/// The id that `site` gave the request, or a new one.
///
/// # Errors
/// Where there is no randomness for a new one.
pub(super) fn request_id(raw: &web_sys::Request) -> Result<Uuid, Error> {
    let given = raw
        .headers()
        .get("x-request-id")
        .ok()
        .flatten()
        .and_then(|text| Uuid::try_parse(&text).ok());
    given.map_or_else(new_request_id, Ok)
}

/// An id for work that has none yet.
///
/// # Errors
/// Where there is no randomness.
pub(super) fn new_request_id() -> Result<Uuid, Error> {
    ids::time_ordered_at(now_ms())
}

impl Host for WorkersHost {
    fn config(&self) -> &Config {
        &self.config
    }

    fn now_ms(&self) -> i64 {
        now_ms()
    }

    fn request_id(&self) -> Uuid {
        self.request_id
    }

    fn sleep(&self, ms: u32) -> impl Future<Output = ()> + 'static {
        Sleep::new(ms)
    }

    async fn connect(&self) -> Result<Connection, DatabaseError> {
        database::connect(self, &self.env).await
    }

    async fn fetch(&self, request: Request) -> Result<Response, Error> {
        let to = request.uri().host().unwrap_or_default().to_owned();
        let away = |error: JsValue| Error::unavailable(format!("no answer from {to}: {error:?}"));
        let raw = convert::request_to_runtime(request)?;
        let fetch: js_sys::Function = Reflect::get(&js_sys::global(), &"fetch".into())
            .map_err(away)?
            .unchecked_into();
        let promise: js_sys::Promise = fetch
            .call1(&JsValue::UNDEFINED, &raw)
            .map_err(away)?
            .unchecked_into();
        let answer: web_sys::Response = JsFuture::from(promise).await.map_err(away)?.unchecked_into();
        convert::response_from_runtime(&answer)
    }

    async fn verify_rs256(&self, key: &Jwk, input: &[u8], signature: &[u8]) -> bool {
        crypto::verify_rs256(key, input, signature).await
    }

    async fn recall(&self, name: &str) -> Option<Bytes> {
        let kept = Cache::default().get(cache_key(name), false).await;
        let mut response = kept.ok()??;
        response.bytes().await.ok().map(Bytes::from)
    }

    async fn keep(&self, name: &str, bytes: Bytes, seconds_max: u64) {
        let kept = async {
            let response = worker::Response::from_bytes(bytes.to_vec())?;
            let headers = worker::Headers::new();
            headers.set("cache-control", &format!("max-age={seconds_max}"))?;
            Cache::default()
                .put(cache_key(name), response.with_headers(headers))
                .await
        };
        if let Err(error) = kept.await {
            self.log(&format!("{name} is not kept: {error}"));
        }
    }

    fn wait_until(&self, work: impl Future<Output = ()> + 'static) {
        match &self.context {
            EventContext::Request(context) => context.wait_until(work),
            EventContext::Object(state) => state.wait_until(work),
            EventContext::Schedule(context) => context.wait_until(work),
        }
    }

    fn log(&self, line: &str) {
        worker::console_log!("{} {line}", self.request_id);
    }

    fn log_error(&self, line: &str) {
        worker::console_error!("{} {line}", self.request_id);
    }
}

impl Files for WorkersHost {
    async fn put_file(&self, key: &str, mime: &str, bytes: Bytes) -> Result<(), Error> {
        let away = |error: worker::Error| Error::unavailable(error.to_string());
        let metadata = HttpMetadata {
            content_type: Some(mime.to_owned()),
            ..Default::default()
        };
        let bucket = self.env.bucket("FILES").map_err(away)?;
        bucket
            .put(key, bytes.to_vec())
            .http_metadata(metadata)
            .execute()
            .await
            .map_err(away)?;
        Ok(())
    }

    async fn get_file(&self, key: &str) -> Result<Option<StoredObject>, Error> {
        let away = |error: worker::Error| Error::unavailable(error.to_string());
        let bucket = self.env.bucket("FILES").map_err(away)?;
        let Some(object) = bucket.get(key).execute().await.map_err(away)? else {
            return Ok(None);
        };
        let Some(body) = object.body() else {
            return Ok(None);
        };
        let body = match body.response_body().map_err(away)? {
            worker::ResponseBody::Stream(stream) => Body::Runtime(Box::new(UnreadStream(stream))),
            worker::ResponseBody::Body(bytes) => bytes.into(),
            worker::ResponseBody::Empty => Body::Empty,
        };
        Ok(Some(StoredObject {
            mime: object
                .http_metadata()
                .content_type
                .unwrap_or_else(|| "application/octet-stream".into()),
            etag: object.http_etag(),
            bytes: object.size(),
            body,
        }))
    }

    async fn delete_files(&self, keys: Vec<String>) -> Result<(), Error> {
        let away = |error: worker::Error| Error::unavailable(error.to_string());
        let bucket = self.env.bucket("FILES").map_err(away)?;
        bucket.delete_multiple(keys).await.map_err(away)
    }
}
