//! The interface between handlers and the runtime.
//!
//! The trait is minimal: code that can be built on it is elsewhere in this crate.
//! Futures are not `Send`, because every supported runtime is single-threaded.

use std::future::Future;

use bytes::Bytes;
use clerk::Jwk;
use uuid::Uuid;

use crate::{Body, Config, Connection, DatabaseError, Error, Request, Response};

/// A runtime that runs handlers.
pub trait Host: Clone + 'static {
    /// The settings.
    fn config(&self) -> &Config;
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;
    /// The request's id in responses and in the log.
    fn request_id(&self) -> Uuid;
    /// A timer.
    fn sleep(&self, ms: u32) -> impl Future<Output = ()> + 'static;
    /// Connects to the database. The connection is driven in [`Host::wait_until`]. Handlers use
    /// [`crate::Caller::database`].
    fn connect(&self) -> impl Future<Output = Result<Connection, DatabaseError>>;
    /// Sends an outbound request. Redirects are not followed. The head of the response must arrive within `head_ms_max`
    /// milliseconds; [`crate::outbound`] has the limits. Dropping the future aborts the request.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if there is no response in time. A response of any status is not an error.
    fn fetch(&self, request: Request, head_ms_max: u32) -> impl Future<Output = Result<Response, Error>>;
    /// Whether `signature` is RSASSA-PKCS1-v1_5 with SHA-256 of `input` under `key`.
    fn verify_rs256(&self, key: &Jwk, input: &[u8], signature: &[u8]) -> impl Future<Output = bool>;
    /// Reads an entry of the runtime's cache, which the requests and isolates of a location share. Entries can be evicted
    /// at any time. A host without a cache returns `None`.
    fn cache_get(&self, name: &str) -> impl Future<Output = Option<Bytes>>;
    /// Stores public bytes in the runtime's cache for at most `seconds_max`. A failure is only logged.
    fn cache_put(&self, name: &str, bytes: Bytes, seconds_max: u64) -> impl Future<Output = ()>;
    /// Continues work after the response is sent.
    fn wait_until(&self, work: impl Future<Output = ()> + 'static);
    /// Writes one line to the log.
    fn log(&self, line: &str);
    /// Writes one line to the log, marked as an error where the runtime can mark it.
    fn log_error(&self, line: &str) {
        self.log(line);
    }
}

/// A host with a file store.
pub trait Files: Host {
    /// Stores a file under a new key.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    fn put_file(&self, key: &str, mime: &str, bytes: Bytes) -> impl Future<Output = Result<(), Error>>;
    /// A stored file, if there is one.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    fn get_file(&self, key: &str) -> impl Future<Output = Result<Option<StoredObject>, Error>>;
    /// Deletes files, at most 1000. A missing file is no error.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    fn delete_files(&self, keys: Vec<String>) -> impl Future<Output = Result<(), Error>>;
}

/// A stored file.
#[derive(Debug)]
pub struct StoredObject {
    /// As stored.
    pub mime: String,
    /// Quoted, as in the header.
    pub etag: String,
    /// Size in bytes.
    pub bytes: u64,
    /// The bytes.
    pub body: Body,
}
