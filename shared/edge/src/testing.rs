//! A host for unit tests: no database, no network, and timers that elapse at once or never.

use std::{
    future::{Future, pending, ready},
    rc::Rc,
};

use bytes::Bytes;
use clerk::Jwk;
use futures_util::future::Either;
use uuid::Uuid;

use crate::{Config, Connection, DatabaseError, Error, Host, Request, Response};

#[derive(Clone)]
pub(crate) struct TestHost {
    config: Rc<Config>,
    timers_elapse: bool,
}

impl TestHost {
    pub(crate) fn whose_timers_elapse() -> Self {
        Self {
            config: Rc::new(
                Config::load(|name| match name {
                    "CLERK_PUBLISHABLE_KEY" => {
                        Some("pk_test_cGVyc29uYS1sb2NhbC0xLmNsZXJrLmFjY291bnRzLmRldiQ=".to_owned())
                    }
                    "CLERK_SECRET_KEY" => Some("sk_test_1".to_owned()),
                    _ => None,
                })
                .unwrap(),
            ),
            timers_elapse: true,
        }
    }

    pub(crate) fn whose_timers_pend() -> Self {
        Self {
            timers_elapse: false,
            ..Self::whose_timers_elapse()
        }
    }
}

impl Host for TestHost {
    fn config(&self) -> &Config {
        &self.config
    }

    fn now_ms(&self) -> i64 {
        1_700_000_000_000
    }

    fn request_id(&self) -> Uuid {
        Uuid::nil()
    }

    fn sleep(&self, _ms: u32) -> impl Future<Output = ()> + 'static {
        if self.timers_elapse {
            Either::Left(ready(()))
        } else {
            Either::Right(pending())
        }
    }

    async fn connect(&self) -> Result<Connection, DatabaseError> {
        Err(DatabaseError::Connect("a test has no database".into()))
    }

    async fn fetch(&self, _request: Request, _head_ms_max: u32) -> Result<Response, Error> {
        Err(Error::unavailable("a test has no network"))
    }

    async fn verify_rs256(&self, _key: &Jwk, _input: &[u8], _signature: &[u8]) -> bool {
        false
    }

    async fn cache_get(&self, _name: &str) -> Option<Bytes> {
        None
    }

    async fn cache_put(&self, _name: &str, _bytes: Bytes, _seconds_max: u64) {}

    fn wait_until(&self, _work: impl Future<Output = ()> + 'static) {}

    fn log(&self, _line: &str) {}
}
