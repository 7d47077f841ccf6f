//! [`Host`] on Workers.

use std::{future::Future, rc::Rc};

use bytes::Bytes;
use clerk::Jwk;
use js_sys::{Date, Promise, Reflect, futures::JsFuture};
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, AbortSignal};
use worker::{Cache, Env, HttpMetadata};

use edge::{
    Body, Config, Connection, DatabaseError, Error, Files, Host, Request, Response, StoredObject, ids,
    outbound::{CACHE_MS_MAX, DISPATCH_MS_MAX, FILE_STORE_MS_MAX, within},
    request::header_text,
};

use crate::{EventContext, convert, crypto, database, sleep::Sleepers, stream::UnreadStream};

/// [`Host`] of one event.
#[derive(Clone)]
pub struct WorkersHost {
    config: Rc<Config>,
    env: Env,
    context: EventContext,
    request_id: Uuid,
    sleepers: Sleepers,
}

impl WorkersHost {
    pub(super) fn new(config: Rc<Config>, env: Env, context: EventContext, request_id: Uuid) -> Self {
        Self {
            config,
            env,
            context,
            request_id,
            sleepers: Sleepers::new(),
        }
    }

    /// Forwards a request to the Durable Object of this name.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the object does not answer.
    pub async fn to_owner(&self, namespace: &str, name: &str, request: Request) -> Result<Response, Error> {
        let stub = self
            .env
            .durable_object(namespace)
            .map_err(unavailable)?
            .get_by_name(name)
            .map_err(unavailable)?;
        let abort = AbortOnDrop::new()?;
        let raw = convert::request_to_runtime(request, abort.signal().as_ref())?;
        let asked = async {
            let answer = stub.fetch_with_request(raw.into()).await.map_err(unavailable)?;
            convert::response_from_runtime(&answer.into())
        };
        let response = within(self, DISPATCH_MS_MAX, namespace, asked).await?;
        abort.disarm();
        Ok(response)
    }

    /// Forwards a request to a binding: another function, or the assets. The response head must arrive within
    /// `head_ms_max` milliseconds.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if it does not answer in time.
    pub async fn to_binding(
        &self,
        binding: &str,
        request: Request,
        head_ms_max: u32,
    ) -> Result<Response, Error> {
        let fetcher = Reflect::get(&self.env, &binding.into())
            .map_err(|error| Error::internal(format!("{binding} is not bound: {error:?}")))?
            .unchecked_into::<worker::worker_sys::Fetcher>();
        self.send(binding, request, head_ms_max, |raw| fetcher.fetch(raw))
            .await
    }

    /// Sends a request and awaits the response head. Aborts it after the time limit, or if the future is dropped.
    async fn send(
        &self,
        to: &str,
        request: Request,
        head_ms_max: u32,
        fetch: impl FnOnce(&web_sys::Request) -> Result<Promise, JsValue>,
    ) -> Result<Response, Error> {
        let failed = |error: JsValue| Error::unavailable(format!("no response from {to}: {error:?}"));
        let abort = AbortOnDrop::new()?;
        let raw = convert::request_to_runtime(request, abort.signal().as_ref())?;
        let sent = async {
            let response = JsFuture::from(fetch(&raw).map_err(failed)?)
                .await
                .map_err(failed)?;
            convert::response_from_runtime(&response.unchecked_into())
        };
        let response = within(self, head_ms_max, to, sent).await?;
        abort.disarm();
        Ok(response)
    }
}

/// Aborts a request when dropped, unless it was disarmed.
struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    fn new() -> Result<Self, Error> {
        let controller =
            AbortController::new().map_err(|error| Error::internal(format!("AbortController: {error:?}")))?;
        Ok(Self(Some(controller)))
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }

    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = self.0.take() {
            controller.abort();
        }
    }
}

fn unavailable(error: worker::Error) -> Error {
    Error::unavailable(error.to_string())
}

/// Cache keys must be URLs; this one is never fetched.
fn cache_key(name: &str) -> String {
    format!("https://cache.persona.invalid/{name}")
}

/// Milliseconds since 1970.
fn now_ms() -> i64 {
    Date::now() as i64
}

/// The request id from `site`, or a new one.
///
/// # Errors
/// If random bytes are unavailable.
pub(super) fn request_id(request: &Request) -> Result<Uuid, Error> {
    let given = header_text(request.headers(), "x-request-id").and_then(|text| Uuid::try_parse(text).ok());
    given.map_or_else(new_request_id, Ok)
}

/// A new request id.
///
/// # Errors
/// If random bytes are unavailable.
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
        self.sleepers.sleep(ms)
    }

    async fn connect(&self) -> Result<Connection, DatabaseError> {
        database::connect(self, &self.env).await
    }

    async fn fetch(&self, request: Request, head_ms_max: u32) -> Result<Response, Error> {
        let to = request.uri().host().unwrap_or_default().to_owned();
        self.send(&to, request, head_ms_max, |raw| {
            let fetch: js_sys::Function = Reflect::get(&js_sys::global(), &"fetch".into())?.unchecked_into();
            Ok(fetch.call1(&JsValue::UNDEFINED, raw)?.unchecked_into())
        })
        .await
    }

    async fn verify_rs256(&self, key: &Jwk, input: &[u8], signature: &[u8]) -> bool {
        crypto::verify_rs256(key, input, signature).await
    }

    async fn cache_get(&self, name: &str) -> Option<Bytes> {
        let entry = async {
            let entry = Cache::default().get(cache_key(name), false).await;
            match entry.map_err(unavailable)? {
                Some(mut response) => Ok(Some(response.bytes().await.map_err(unavailable)?.into())),
                None => Ok(None),
            }
        };
        within(self, CACHE_MS_MAX, "the cache", entry).await.ok()?
    }

    async fn cache_put(&self, name: &str, bytes: Bytes, seconds_max: u64) {
        let stored = async {
            let response = worker::Response::from_bytes(bytes.to_vec())?;
            let headers = worker::Headers::new();
            headers.set("cache-control", &format!("max-age={seconds_max}"))?;
            Cache::default()
                .put(cache_key(name), response.with_headers(headers))
                .await
        };
        if let Err(error) = stored.await {
            self.log(&format!("{name} is not cached: {error}"));
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
        let metadata = HttpMetadata {
            content_type: Some(mime.to_owned()),
            ..Default::default()
        };
        let bucket = self.env.bucket("FILES").map_err(unavailable)?;
        let put = bucket.put(key, bytes.to_vec()).http_metadata(metadata).execute();
        let stored = async { put.await.map_err(unavailable) };
        within(self, FILE_STORE_MS_MAX, "the file store", stored).await?;
        Ok(())
    }

    async fn get_file(&self, key: &str) -> Result<Option<StoredObject>, Error> {
        let bucket = self.env.bucket("FILES").map_err(unavailable)?;
        let found = async { bucket.get(key).execute().await.map_err(unavailable) };
        let Some(object) = within(self, FILE_STORE_MS_MAX, "the file store", found).await? else {
            return Ok(None);
        };
        let Some(body) = object.body() else {
            return Ok(None);
        };
        let body = match body.response_body().map_err(unavailable)? {
            worker::ResponseBody::Stream(stream) => Body::Runtime(Box::new(UnreadStream::new(stream))),
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
        let bucket = self.env.bucket("FILES").map_err(unavailable)?;
        let deleted = async { bucket.delete_multiple(keys).await.map_err(unavailable) };
        within(self, FILE_STORE_MS_MAX, "the file store", deleted).await
    }
}
