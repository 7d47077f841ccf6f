use std::{cell::RefCell, future::ready};

use api::MessageStatus;
use bytes::Bytes;
use clerk::Jwk;
use edge::{Config, Connection, DatabaseError, Request, Response, db::generations::Settlement};
use futures_util::FutureExt;

use super::*;
use crate::running::Claimed;

/// A host without a database, with a constant clock.
#[derive(Clone)]
struct OfflineHost(Rc<Config>);

impl OfflineHost {
    fn new() -> Self {
        let config = Config::load(|name| match name {
            "CLERK_PUBLISHABLE_KEY" => Some("pk_test_cGVyc29uYS1sb2NhbC0xLmNsZXJrLmFjY291bnRzLmRldiQ".into()),
            "CLERK_AUTHORIZED_PARTIES" => Some("http://localhost:8787".into()),
            "CLERK_SECRET_KEY" => Some("sk_test_x".into()),
            _ => None,
        });
        Self(Rc::new(config.unwrap()))
    }
}

impl Host for OfflineHost {
    fn config(&self) -> &Config {
        &self.0
    }
    fn now_ms(&self) -> i64 {
        0
    }
    fn request_id(&self) -> Uuid {
        Uuid::nil()
    }
    fn sleep(&self, _ms: u32) -> impl Future<Output = ()> + 'static {
        pending()
    }
    fn connect(&self) -> impl Future<Output = Result<Connection, DatabaseError>> {
        ready(Err(DatabaseError::Connect("offline".into())))
    }
    fn fetch(&self, _request: Request, _head_ms_max: u32) -> impl Future<Output = Result<Response, Error>> {
        ready(Err(Error::unavailable("offline")))
    }
    fn verify_rs256(&self, _key: &Jwk, _input: &[u8], _signature: &[u8]) -> impl Future<Output = bool> {
        ready(false)
    }
    fn cache_get(&self, _name: &str) -> impl Future<Output = Option<Bytes>> {
        ready(None)
    }
    fn cache_put(&self, _name: &str, _bytes: Bytes, _seconds_max: u64) -> impl Future<Output = ()> {
        ready(())
    }
    fn wait_until(&self, _work: impl Future<Output = ()> + 'static) {}
    fn log(&self, _line: &str) {}
}

/// The storage of an object, shared by its consecutive processes.
#[derive(Clone, Default)]
struct TestStorage {
    texts: Rc<RefCell<BTreeMap<Uuid, String>>>,
    alarm: Rc<RefCell<Option<u32>>>,
}

impl ObjectStorage for TestStorage {
    fn all(&self) -> Result<Vec<(Uuid, String)>, Error> {
        Ok(self.texts.borrow().clone().into_iter().collect())
    }
    fn put(&self, key: Uuid, text: &str) -> Result<(), Error> {
        self.texts.borrow_mut().insert(key, text.to_owned());
        Ok(())
    }
    fn remove(&self, key: Uuid) -> Result<(), Error> {
        self.texts.borrow_mut().remove(&key);
        Ok(())
    }
    fn set_alarm(&self, in_ms: Option<u32>) -> impl Future<Output = Result<(), Error>> {
        *self.alarm.borrow_mut() = in_ms;
        ready(Ok(()))
    }
}

const ID: Uuid = Uuid::from_u128(1);

fn begin(owner: &ObjectOwner<TestStorage>) -> Rc<RunningReply> {
    let Claimed::New(claim) = owner.running().claim(&UserId::from_clerk("user_a"), ID) else {
        panic!("the reply is taken");
    };
    let reply = claim.begin();
    owner.on_begin(&OfflineHost::new(), &reply);
    reply
}

fn ending() -> Ending {
    Ending {
        clerk_id: "user_a".into(),
        generation: ID,
        message: Uuid::from_u128(2),
        settlement: Settlement {
            status: MessageStatus::Done,
            content: "The whole text.".into(),
            seq: 9,
            error_code: None,
            tokens_in: Some(3),
            tokens_out: None,
        },
    }
}

#[test]
fn nothing_is_stored_before_a_reply_begins() {
    let storage = TestStorage::default();
    let owner = ObjectOwner::new(storage.clone());
    let stranger = UserId::from_clerk("user_b");
    drop(owner.running().claim(&stranger, ID));
    assert_eq!(owner.flush_endings(&OfflineHost::new()).now_or_never(), Some(()));
    assert!(storage.texts.borrow().is_empty() && storage.alarm.borrow().is_none());
}

#[test]
fn an_ending_is_stored_with_an_alarm_before_readers_get_it() {
    let (host, storage) = (OfflineHost::new(), TestStorage::default());
    let owner = ObjectOwner::new(storage.clone());
    let reply = begin(&owner);
    let stored = owner.store_ending(&host, &reply, ending()).now_or_never();
    assert_eq!(stored, Some(true), "the ending is stored without Postgres");
    assert_eq!(*storage.alarm.borrow(), Some(1_000));
    assert!(
        storage
            .texts
            .borrow()
            .values()
            .any(|text| text.contains("The whole text."))
    );
}

#[test]
fn a_beginning_does_not_overwrite_an_ending() {
    let (host, storage) = (OfflineHost::new(), TestStorage::default());
    let owner = ObjectOwner::new(storage.clone());
    let reply = begin(&owner);
    let stored = owner.store_ending(&host, &reply, ending()).now_or_never();
    assert_eq!(stored, Some(true));
    owner.on_begin(&host, &reply);
    assert!(storage.texts.borrow()[&ID].contains("The whole text."));
}

#[test]
fn pauses_grow_across_restarts() {
    let (host, storage) = (OfflineHost::new(), TestStorage::default());
    let owner = ObjectOwner::new(storage.clone());
    let reply = begin(&owner);
    assert_eq!(
        owner.store_ending(&host, &reply, ending()).now_or_never(),
        Some(true)
    );
    let mut pauses = Vec::new();
    for _ in 0..7 {
        // The runtime has evicted the object meanwhile.
        let restarted = ObjectOwner::new(storage.clone());
        restarted.alarm(&host).now_or_never().unwrap();
        pauses.push(storage.alarm.borrow().unwrap());
    }
    assert_eq!(pauses, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
}

#[test]
fn a_restarted_owner_returns_an_ending_to_its_user_only() {
    let (host, storage) = (OfflineHost::new(), TestStorage::default());
    let owner = ObjectOwner::new(storage.clone());
    let reply = begin(&owner);
    assert_eq!(
        owner.store_ending(&host, &reply, ending()).now_or_never(),
        Some(true)
    );
    let restarted = ObjectOwner::new(storage);
    let stored = |clerk_id: &str| restarted.stored_ending(&host, &UserId::from_clerk(clerk_id), ID);
    assert_eq!(stored("user_a"), Some(ending().event()));
    assert_eq!(stored("user_b"), None);
}

#[test]
fn only_the_next_process_gives_up_a_running_reply() {
    let (host, storage) = (OfflineHost::new(), TestStorage::default());
    let owner = ObjectOwner::new(storage.clone());
    let _reply = begin(&owner);
    owner.flush_endings(&host).now_or_never().unwrap();
    assert!(storage.alarm.borrow().is_none(), "its own process does not");
    let restarted = ObjectOwner::new(storage.clone());
    restarted.flush_endings(&host).now_or_never().unwrap();
    assert_eq!(
        *storage.alarm.borrow(),
        Some(1_000),
        "without Postgres it is tried again"
    );
    assert_eq!(storage.texts.borrow().len(), 1);
}
