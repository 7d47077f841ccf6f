//! A host that runs the product's database code natively over TCP.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, ready};
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use edge::{Body, Config, Connection, DatabaseError, Error, Files, Host, Request, Response, StoredObject};
use tokio::net::TcpStream;
use tokio::task::spawn_local;
use uuid::Uuid;

/// A host with timers, a database and an in-memory file store. Runs in a `LocalSet`.
#[derive(Debug, Clone)]
pub struct NativeHost {
    config: Rc<Config>,
    /// Host and port of Postgres, its pooler or the recorder.
    address: Rc<str>,
    database: Rc<tokio_postgres::Config>,
    /// The file store.
    pub files: Rc<RefCell<BTreeMap<String, Bytes>>>,
}

impl NativeHost {
    /// A host that connects to the database of `url` at `address` (`host:port`).
    ///
    /// # Panics
    /// If the URL is invalid.
    #[must_use]
    pub fn new(url: &str, address: &str) -> Self {
        let config = Config::load(|name| match name {
            "CLERK_PUBLISHABLE_KEY" => {
                Some("pk_test_cGVyc29uYS1sb2NhbC0xLmNsZXJrLmFjY291bnRzLmRldiQ=".into())
            }
            "CLERK_SECRET_KEY" => Some("sk_test_none".into()),
            _ => None,
        });
        let mut database: tokio_postgres::Config = url.parse().expect("a database's URL");
        database.ssl_mode(tokio_postgres::config::SslMode::Disable);
        Self {
            config: Rc::new(config.expect("settings")),
            address: address.into(),
            database: Rc::new(database),
            files: Rc::default(),
        }
    }
}

/// `127.0.0.1` and the port of a database URL.
///
/// # Panics
/// If the URL is invalid.
#[must_use]
pub fn address(url: &str) -> String {
    let config: tokio_postgres::Config = url.parse().expect("a database's URL");
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("127.0.0.1:{port}")
}

impl Host for NativeHost {
    fn config(&self) -> &Config {
        &self.config
    }

    fn now_ms(&self) -> i64 {
        0
    }

    fn request_id(&self) -> Uuid {
        Uuid::nil()
    }

    fn sleep(&self, ms: u32) -> impl Future<Output = ()> + 'static {
        tokio::time::sleep(Duration::from_millis(ms.into()))
    }

    async fn connect(&self) -> Result<Connection, DatabaseError> {
        let socket = TcpStream::connect(&*self.address)
            .await
            .map_err(|error| DatabaseError::Connect(error.to_string()))?;
        Connection::open(self, &self.database, socket).await
    }

    async fn fetch(&self, _: Request, _: u32) -> Result<Response, Error> {
        Ok(Response::new(Body::Empty))
    }

    fn verify_rs256(&self, _: &clerk::Jwk, _: &[u8], _: &[u8]) -> impl Future<Output = bool> {
        ready(false)
    }

    fn cache_get(&self, _: &str) -> impl Future<Output = Option<Bytes>> {
        ready(None)
    }

    fn cache_put(&self, _: &str, _: Bytes, _: u64) -> impl Future<Output = ()> {
        ready(())
    }

    fn wait_until(&self, work: impl Future<Output = ()> + 'static) {
        drop(spawn_local(work));
    }

    fn log(&self, line: &str) {
        eprintln!("{line}");
    }
}

impl Files for NativeHost {
    async fn put_file(&self, key: &str, _: &str, bytes: Bytes) -> Result<(), Error> {
        self.files.borrow_mut().insert(key.to_owned(), bytes);
        Ok(())
    }

    fn get_file(&self, _: &str) -> impl Future<Output = Result<Option<StoredObject>, Error>> {
        ready(Ok(None))
    }

    async fn delete_files(&self, keys: Vec<String>) -> Result<(), Error> {
        let mut files = self.files.borrow_mut();
        for key in keys {
            files.remove(&key);
        }
        Ok(())
    }
}
