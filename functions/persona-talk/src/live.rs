//! Replies being written on this machine: their events so far, and who waits for more.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

use api::EndEvent;
use edge::UserId;
use uuid::Uuid;

/// The replies that this machine owns.
#[derive(Debug, Clone, Default)]
pub struct Live(Rc<RefCell<HashMap<Uuid, Rc<Session>>>>);

impl Live {
    /// The reply of this id, if it is this person's and is written here. Waits while it is being begun.
    pub async fn find(&self, user: &UserId, id: Uuid) -> Option<Rc<Session>> {
        let session = self.peek(user, id)?;
        session.is_begun().await.then_some(session)
    }

    fn peek(&self, user: &UserId, id: Uuid) -> Option<Rc<Session>> {
        self.0
            .borrow()
            .get(&id)
            .filter(|session| session.user == *user)
            .cloned()
    }

    /// Owns a reply from before it is stored, so that no second request takes it for one that lost its owner.
    /// See [`Claim`].
    pub fn claim(&self, id: Uuid, session: Rc<Session>) -> Claim {
        self.0.borrow_mut().insert(id, session.clone());
        Claim {
            live: self.clone(),
            id,
            session,
        }
    }

    /// Ends owning a reply; those who follow it still see its end.
    pub fn remove(&self, id: Uuid) {
        self.0.borrow_mut().remove(&id);
    }

    /// Whether a reply is written here, whoever's it is.
    pub fn owns(&self, id: Uuid) -> bool {
        self.0.borrow().contains_key(&id)
    }
}

/// A reply that is owned and not yet stored. Dropped without [`Claim::begin`], it was never begun.
#[derive(Debug)]
pub struct Claim {
    live: Live,
    id: Uuid,
    session: Rc<Session>,
}

impl Claim {
    /// The reply is stored: those who waited may follow.
    pub fn begin(self) -> Rc<Session> {
        self.session.settle_beginning(true);
        self.session.clone()
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.session.begun.get().is_none() {
            self.live.remove(self.id);
            self.session.settle_beginning(false);
        }
    }
}

/// One reply being written.
#[derive(Debug)]
pub struct Session {
    user: UserId,
    /// Unknown while the request that begins it is at the database.
    begun: Cell<Option<bool>>,
    /// Encoded events; the event at index `n` has the number `n + 1`.
    log: RefCell<Vec<Rc<str>>>,
    end: RefCell<Option<EndEvent>>,
    stop: Cell<Option<u32>>,
    waiting: RefCell<Vec<Waker>>,
}

impl Session {
    /// A reply to this person.
    pub fn new(user: UserId) -> Self {
        Self {
            user,
            begun: Cell::default(),
            log: RefCell::default(),
            end: RefCell::default(),
            stop: Cell::default(),
            waiting: RefCell::default(),
        }
    }

    fn settle_beginning(&self, begun: bool) {
        self.begun.set(Some(begun));
        self.wake();
    }

    async fn is_begun(&self) -> bool {
        self.wait(|| self.begun.get()).await
    }

    /// Adds an event for everybody who follows.
    pub fn push(&self, event: String) {
        self.log.borrow_mut().push(event.into());
        self.wake();
    }

    /// Adds the last event.
    pub fn finish(&self, event: String, end: EndEvent) {
        self.log.borrow_mut().push(event.into());
        *self.end.borrow_mut() = Some(end);
        self.wake();
    }

    /// All events behind the first `seen`, as one text; empty if there are none.
    pub fn since(&self, seen: usize) -> (String, usize) {
        let log = self.log.borrow();
        let text = log.iter().skip(seen).map(AsRef::as_ref).collect();
        (text, log.len().max(seen))
    }

    /// Whether the last event is there.
    pub fn is_ended(&self) -> bool {
        self.end.borrow().is_some()
    }

    /// Asks the writer to stop at what was seen. The first one to ask decides.
    pub fn request_stop(&self, seen_chars: u32) {
        if self.stop.get().is_none() {
            self.stop.set(Some(seen_chars));
        }
        self.wake();
    }

    /// Waits until somebody asks to stop.
    pub async fn stop_requested(&self) -> u32 {
        self.wait(|| self.stop.get()).await
    }

    /// Waits for the end.
    pub async fn ended(&self) -> EndEvent {
        self.wait(|| self.end.borrow().clone()).await
    }

    /// Waits for more events than `seen`, or for the end.
    pub async fn changed(&self, seen: usize) {
        self.wait(|| (self.log.borrow().len() > seen || self.is_ended()).then_some(()))
            .await;
    }

    async fn wait<T>(&self, ready: impl Fn() -> Option<T>) -> T {
        poll_fn(|context| match ready() {
            Some(value) => Poll::Ready(value),
            None => {
                let mut waiting = self.waiting.borrow_mut();
                if !waiting.iter().any(|waker| waker.will_wake(context.waker())) {
                    waiting.push(context.waker().clone());
                }
                Poll::Pending
            }
        })
        .await
    }

    fn wake(&self) {
        for waker in self.waiting.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn end() -> EndEvent {
        EndEvent {
            status: api::MessageStatus::Stopped,
            message_id: Uuid::nil(),
            content: "a".into(),
        }
    }

    #[test]
    fn a_follower_sees_every_event_once() {
        let session = Session::new(UserId::from_clerk("user_a"));
        assert_eq!(session.changed(0).now_or_never(), None);
        session.push("1".into());
        session.push("2".into());
        assert_eq!(session.changed(0).now_or_never(), Some(()));
        assert_eq!(session.since(0), ("12".into(), 2));
        assert_eq!(session.changed(2).now_or_never(), None);
        session.finish("3".into(), end());
        assert_eq!(session.since(2), ("3".into(), 3));
        assert_eq!(session.ended().now_or_never(), Some(end()));
    }

    #[test]
    fn the_first_stop_decides() {
        let session = Session::new(UserId::from_clerk("user_a"));
        assert_eq!(session.stop_requested().now_or_never(), None);
        session.request_stop(5);
        session.request_stop(9);
        assert_eq!(session.stop_requested().now_or_never(), Some(5));
    }

    #[test]
    fn nobody_follows_a_strangers_reply() {
        let live = Live::default();
        let id = Uuid::max();
        live.claim(id, Rc::new(Session::new(UserId::from_clerk("user_a"))))
            .begin();
        let find = |user: &str| {
            live.find(&UserId::from_clerk(user), id)
                .now_or_never()
                .flatten()
                .is_some()
        };
        assert!(find("user_a"));
        assert!(!find("user_b"));
        live.remove(id);
        assert!(!live.owns(id));
    }

    #[test]
    fn a_second_request_waits_until_the_first_has_begun_the_reply() {
        let live = Live::default();
        let (user, id) = (UserId::from_clerk("user_a"), Uuid::max());
        for begins in [true, false] {
            let claim = live.claim(id, Rc::new(Session::new(user.clone())));
            let mut second = Box::pin(live.find(&user, id));
            assert!((&mut second).now_or_never().is_none());
            if begins {
                claim.begin();
            } else {
                drop(claim);
            }
            assert_eq!(second.now_or_never().flatten().is_some(), begins);
            assert_eq!(live.owns(id), begins);
        }
    }
}
