//! Replies that this process writes: their events so far, and who waits for more.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, hash_map::Entry},
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

use api::EndEvent;
use edge::{UserId, db::reply_events::Batch};
use uuid::Uuid;

/// The key of a person and the id of a reply: nobody reaches another person's entry.
type Key = (Uuid, Uuid);

/// The replies that this process writes.
#[derive(Debug, Clone, Default)]
pub struct RunningReplies(Rc<RefCell<HashMap<Key, Rc<RunningReply>>>>);

/// What came of [`RunningReplies::claim`].
#[derive(Debug)]
pub enum Claimed {
    /// Nobody wrote this reply: it is the caller's to begin.
    New(Claim),
    /// Another request has claimed it.
    Taken(Rc<RunningReply>),
}

impl RunningReplies {
    /// The reply of this id, if it is this person's and is written here. Waits while it is being begun.
    pub async fn find(&self, user: &UserId, id: Uuid) -> Option<Rc<RunningReply>> {
        let reply = self.0.borrow().get(&(user.key(), id)).cloned()?;
        reply.is_begun().await.then_some(reply)
    }

    /// Claims a reply before it is stored, so that of several equal requests one begins it and the others follow it.
    /// An entry is never replaced.
    pub fn claim(&self, user: &UserId, id: Uuid) -> Claimed {
        match self.0.borrow_mut().entry((user.key(), id)) {
            Entry::Occupied(entry) => Claimed::Taken(entry.get().clone()),
            Entry::Vacant(place) => {
                let reply = place.insert(Rc::new(RunningReply::new(user.clone(), id)));
                Claimed::New(Claim {
                    replies: self.clone(),
                    reply: reply.clone(),
                })
            }
        }
    }

    /// Lets go of this very reply. Those who follow it still see its end.
    pub fn remove(&self, reply: &Rc<RunningReply>) {
        if let Entry::Occupied(entry) = self.0.borrow_mut().entry((reply.user.key(), reply.id))
            && Rc::ptr_eq(entry.get(), reply)
        {
            entry.remove();
        }
    }
}

/// A reply that is claimed and not yet stored. Dropped without [`Claim::begin`], it never began.
#[derive(Debug)]
pub struct Claim {
    replies: RunningReplies,
    reply: Rc<RunningReply>,
}

impl Claim {
    /// The reply is stored: those who waited may follow it.
    pub fn begin(self) -> Rc<RunningReply> {
        self.reply.settle_beginning(true);
        self.reply.clone()
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.reply.begun.get().is_none() {
            self.replies.remove(&self.reply);
            self.reply.settle_beginning(false);
        }
    }
}

/// One reply while it is written.
#[derive(Debug)]
pub struct RunningReply {
    user: UserId,
    id: Uuid,
    /// Unknown while the request that begins it waits for the database.
    begun: Cell<Option<bool>>,
    /// Encoded events; the event at index `n` has the number `n + 1`.
    log: RefCell<Vec<Rc<str>>>,
    end: RefCell<Option<EndEvent>>,
    is_closed: Cell<bool>,
    stop: Cell<Option<u32>>,
    waiting: RefCell<Vec<Waker>>,
}

impl RunningReply {
    fn new(user: UserId, id: Uuid) -> Self {
        Self {
            user,
            id,
            begun: Cell::default(),
            log: RefCell::default(),
            end: RefCell::default(),
            is_closed: Cell::default(),
            stop: Cell::default(),
            waiting: RefCell::default(),
        }
    }

    /// Whose it is.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    fn settle_beginning(&self, begun: bool) {
        self.begun.set(Some(begun));
        self.wake();
    }

    /// Waits until the reply is stored; false where that failed.
    pub async fn is_begun(&self) -> bool {
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
        self.close();
    }

    /// Nothing more will be added, not even an end: it could not be stored.
    pub fn close(&self) {
        self.is_closed.set(true);
        self.wake();
    }

    /// All events behind number `seen` as one text, and the number of the last event. The text is empty where there
    /// are none.
    pub fn since(&self, seen: usize) -> (String, usize) {
        let log = self.log.borrow();
        let text = log.iter().skip(seen).map(AsRef::as_ref).collect();
        (text, log.len())
    }

    /// The events behind number `seen`, and the number of the last one; `None` where there are none.
    pub fn batch(&self, seen: usize) -> Option<(Batch, usize)> {
        let (text, last) = self.since(seen);
        let first_seq = u32::try_from(seen).unwrap_or(u32::MAX).saturating_add(1);
        (!text.is_empty()).then_some((Batch { first_seq, text }, last))
    }

    /// Whether nothing more will be added.
    pub fn is_closed(&self) -> bool {
        self.is_closed.get()
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

    /// Waits for the end; `None` where it could not be stored.
    pub async fn ended(&self) -> Option<EndEvent> {
        self.wait(|| self.is_closed().then(|| self.end.borrow().clone()))
            .await
    }

    /// Waits for more events than `seen`, or until nothing more will come.
    pub async fn changed(&self, seen: usize) {
        self.wait(|| (self.log.borrow().len() > seen || self.is_closed()).then_some(()))
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
mod tests;
