//! What a handler may ask of the runtime it runs on.
//!
//! The trait stays this small. Whatever can be built on top of it is built once, elsewhere in this crate.
//! Plain `async` without `Send`: every runtime here is single-threaded.

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
    /// Names this request in responses and in the log.
    fn request_id(&self) -> Uuid;
    /// Waits.
    fn sleep(&self, ms: u32) -> impl Future<Output = ()> + 'static;
    /// A connection to the database, which lives in [`Host::wait_until`]. Handlers ask [`crate::Caller::database`].
    fn connect(&self) -> impl Future<Output = Result<Connection, DatabaseError>>;
    /// Sends an outbound request. Redirects are not followed. The head of the response must arrive within `head_ms_max`
    /// milliseconds; [`crate::outbound`] has the limits. Dropping the future aborts the request.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if there is no response in time. A response of any status is no error.
    fn fetch(&self, request: Request, head_ms_max: u32) -> impl Future<Output = Result<Response, Error>>;
    /// Whether `signature` is RSASSA-PKCS1-v1_5 with SHA-256 of `input` under `key`.
    fn verify_rs256(&self, key: &Jwk, input: &[u8], signature: &[u8]) -> impl Future<Output = bool>;
    /// An entry of the runtime's cache, which requests and isolates of one location share. An entry may disappear at any
    /// time. A host without a cache has none.
    fn recall(&self, name: &str) -> impl Future<Output = Option<Bytes>>;
    /// Stores public bytes in the runtime's cache for at most `seconds_max`. A failure is only logged.
    fn keep(&self, name: &str, bytes: Bytes, seconds_max: u64) -> impl Future<Output = ()>;
    /// Continues work after the response is sent.
    fn wait_until(&self, work: impl Future<Output = ()> + 'static);
    /// Writes one line to the log.
    fn log(&self, line: &str);
    /// Writes one line to the log, marked as an error where the runtime can mark it.
    fn log_error(&self, line: &str) {
        self.log(line);
    }
}

/// A host that keeps files.
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
    /// Quoted, as it stands in the header.
    pub etag: String,
    /// Size in bytes.
    pub bytes: u64,
    /// The bytes.
    pub body: Body,
}
