use std::{cell::RefCell, future::ready};

use api::MessageStatus;
use bytes::Bytes;
use clerk::Jwk;
use edge::{Config, Connection, DatabaseError, Request, Response, db::generations::Settlement};
use futures_util::FutureExt;

use super::*;
use crate::running::Claimed;

/// A host whose database is away, and whose clock stands.
#[derive(Clone)]
struct Away(Rc<Config>);

impl Away {
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

impl Host for Away {
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
        ready(Err(DatabaseError::Connect("away".into())))
    }
    fn fetch(&self, _request: Request, _head_ms_max: u32) -> impl Future<Output = Result<Response, Error>> {
        ready(Err(Error::unavailable("away")))
    }
    fn verify_rs256(&self, _key: &Jwk, _input: &[u8], _signature: &[u8]) -> impl Future<Output = bool> {
        ready(false)
    }
    fn recall(&self, _name: &str) -> impl Future<Output = Option<Bytes>> {
        ready(None)
    }
    fn keep(&self, _name: &str, _bytes: Bytes, _seconds_max: u64) -> impl Future<Output = ()> {
        ready(())
    }
    fn wait_until(&self, _work: impl Future<Output = ()> + 'static) {}
    fn log(&self, _line: &str) {}
}

/// What an object keeps: shared by the processes that it is started in one after another.
#[derive(Clone, Default)]
struct Disk {
    texts: Rc<RefCell<BTreeMap<Uuid, String>>>,
    alarm: Rc<RefCell<Option<u32>>>,
}

impl ObjectStorage for Disk {
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

fn begin(owner: &ObjectOwner<Disk>) -> Rc<RunningReply> {
    let Claimed::New(claim) = owner.running().claim(&UserId::from_clerk("user_a"), ID) else {
        panic!("the reply is taken");
    };
    let reply = claim.begin();
    owner.begun(&Away::new(), &reply);
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
    let disk = Disk::default();
    let owner = ObjectOwner::new(disk.clone());
    let stranger = UserId::from_clerk("user_b");
    drop(owner.running().claim(&stranger, ID));
    assert_eq!(owner.deliver(&Away::new()).now_or_never(), Some(()));
    assert!(disk.texts.borrow().is_empty() && disk.alarm.borrow().is_none());
}

#[test]
fn an_ending_is_on_disk_with_an_alarm_before_anybody_is_told() {
    let (host, disk) = (Away::new(), Disk::default());
    let owner = ObjectOwner::new(disk.clone());
    let reply = begin(&owner);
    let stored = owner.store_ending(&host, &reply, ending()).now_or_never();
    assert_eq!(stored, Some(true), "Postgres is away, the ending is stored");
    assert_eq!(*disk.alarm.borrow(), Some(1_000));
    assert!(
        disk.texts
            .borrow()
            .values()
            .any(|text| text.contains("The whole text."))
    );
}

#[test]
fn attempts_become_rarer_over_restarts() {
    let (host, disk) = (Away::new(), Disk::default());
    let owner = ObjectOwner::new(disk.clone());
    let reply = begin(&owner);
    assert_eq!(
        owner.store_ending(&host, &reply, ending()).now_or_never(),
        Some(true)
    );
    let mut pauses = Vec::new();
    for _ in 0..7 {
        // The object was put away meanwhile.
        let restarted = ObjectOwner::new(disk.clone());
        restarted.alarm(&host).now_or_never().unwrap();
        pauses.push(disk.alarm.borrow().unwrap());
    }
    assert_eq!(pauses, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
}

#[test]
fn a_restarted_owner_tells_its_person_the_ending_and_nobody_else() {
    let (host, disk) = (Away::new(), Disk::default());
    let owner = ObjectOwner::new(disk.clone());
    let reply = begin(&owner);
    assert_eq!(
        owner.store_ending(&host, &reply, ending()).now_or_never(),
        Some(true)
    );
    let restarted = ObjectOwner::new(disk);
    let told = |clerk_id: &str| restarted.stored_ending(&host, &UserId::from_clerk(clerk_id), ID);
    assert_eq!(told("user_a"), Some(ending().event()));
    assert_eq!(told("user_b"), None);
}

#[test]
fn a_running_reply_is_given_up_by_the_next_process_alone() {
    let (host, disk) = (Away::new(), Disk::default());
    let owner = ObjectOwner::new(disk.clone());
    let _reply = begin(&owner);
    owner.deliver(&host).now_or_never().unwrap();
    assert!(disk.alarm.borrow().is_none(), "its own process leaves it alone");
    let restarted = ObjectOwner::new(disk.clone());
    restarted.deliver(&host).now_or_never().unwrap();
    assert_eq!(
        *disk.alarm.borrow(),
        Some(1_000),
        "Postgres is away; it is tried again"
    );
    assert_eq!(disk.texts.borrow().len(), 1);
}
