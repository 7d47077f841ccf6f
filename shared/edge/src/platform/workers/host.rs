//! [`Host`] on Workers.

use std::{future::Future, rc::Rc};

use bytes::Bytes;
use clerk::Jwk;
use js_sys::{Date, Reflect, Uint8Array, futures::JsFuture};
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use worker::{Cache, Env, HttpMetadata};

use super::{Keeper, convert, crypto, database, sleep::Sleep, stream::RuntimeStream};
use crate::{
    Body, Config, Connection, DatabaseError, Error, Files, Host, Pages, Request, Response, Service,
    StoredObject,
};

/// One request's machine.
#[derive(Clone)]
pub struct WorkersHost {
    config: Rc<Config>,
    env: Env,
    keeper: Keeper,
    request_id: Uuid,
}

impl WorkersHost {
    pub(super) fn new(config: Rc<Config>, env: Env, keeper: Keeper, request_id: Uuid) -> Self {
        Self {
            config,
            env,
            keeper,
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

    async fn to_binding(&self, binding: &str, request: Request) -> Result<Response, Error> {
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

fn random(bytes: &mut [u8]) {
    let array = Uint8Array::new_with_length(u32::try_from(bytes.len()).unwrap_or(0));
    let filled = Reflect::get(&js_sys::global(), &"crypto".into()).and_then(|crypto| {
        let fill: js_sys::Function = Reflect::get(&crypto, &"getRandomValues".into())?.unchecked_into();
        fill.call1(&crypto, &array)
    });
    if filled.is_ok() {
        array.copy_to(bytes);
    }
}

/// The cache wants addresses; nobody is asked at this one.
fn cache_key(name: &str) -> String {
    format!("https://cache.persona.invalid/{name}")
}

/// Milliseconds since 1970.
fn now_ms() -> i64 {
    Date::now() as i64
}

/// The id that `site` gave, or a new one.
pub(super) fn request_id(raw: &web_sys::Request) -> Uuid {
    let given = raw
        .headers()
        .get("x-request-id")
        .ok()
        .flatten()
        .and_then(|text| Uuid::try_parse(&text).ok());
    given.unwrap_or_else(new_request_id)
}

/// A name for work that nobody has named yet.
pub(super) fn new_request_id() -> Uuid {
    let mut bytes = [0; 10];
    random(&mut bytes);
    uuid::Builder::from_unix_timestamp_millis(now_ms().unsigned_abs(), &bytes).into_uuid()
}

impl Host for WorkersHost {
    fn config(&self) -> &Config {
        &self.config
    }

    fn now_ms(&self) -> i64 {
        now_ms()
    }

    fn random(&self, bytes: &mut [u8]) {
        random(bytes);
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
        match &self.keeper {
            Keeper::Request(context) => context.wait_until(work),
            Keeper::Owner(state) => state.wait_until(work),
            Keeper::Schedule(context) => context.wait_until(work),
        }
    }

    fn log(&self, line: &str) {
        worker::console_log!("{} {line}", self.request_id);
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
            worker::ResponseBody::Stream(stream) => Body::Runtime(RuntimeStream(stream)),
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

impl Pages for WorkersHost {
    async fn forward(&self, service: Service, mut request: Request) -> Result<Response, Error> {
        let binding = match service {
            Service::AuthCallback => "AUTH_CALLBACK",
            Service::DashboardData => "DASHBOARD_DATA",
            Service::PersonaCreate => "PERSONA_CREATE",
            Service::PersonaTalk => "PERSONA_TALK",
        };
        if let Ok(value) = http::HeaderValue::try_from(self.request_id.to_string()) {
            request.headers_mut().insert("x-request-id", value);
        }
        self.to_binding(binding, request).await
    }

    async fn asset(&self, request: Request) -> Result<Response, Error> {
        self.to_binding("ASSETS", request).await
    }
}
