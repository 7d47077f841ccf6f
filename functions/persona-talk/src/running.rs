//! Replies that this process writes: their events, and notification of readers.

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

/// The user and the id of a reply, so that a user never finds another user's reply.
type Key = (Uuid, Uuid);

/// The replies that this process writes.
#[derive(Debug, Clone, Default)]
pub struct RunningReplies(Rc<RefCell<HashMap<Key, Rc<RunningReply>>>>);

/// The result of [`RunningReplies::claim`].
#[derive(Debug)]
pub enum Claimed {
    /// The caller has claimed the reply and must begin it.
    New(Claim),
    /// Another request has claimed it.
    Taken(Rc<RunningReply>),
}

impl RunningReplies {
    /// The user's reply with this id, if this process writes it. Waits until it has begun.
    pub async fn find(&self, user: &UserId, id: Uuid) -> Option<Rc<RunningReply>> {
        let reply = self.0.borrow().get(&(user.key(), id)).cloned()?;
        reply.is_begun().await.then_some(reply)
    }

    /// Claims a reply before it is stored, so that one of several equal requests begins it and the others follow it.
    /// Never replaces an entry.
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

    /// Removes this reply. Readers that follow it still get its end.
    pub fn remove(&self, reply: &Rc<RunningReply>) {
        if let Entry::Occupied(entry) = self.0.borrow_mut().entry((reply.user.key(), reply.id))
            && Rc::ptr_eq(entry.get(), reply)
        {
            entry.remove();
        }
    }
}

/// A claimed reply that is not stored yet. Dropping it without [`Claim::begin`] releases the claim.
#[derive(Debug)]
pub struct Claim {
    replies: RunningReplies,
    reply: Rc<RunningReply>,
}

impl Claim {
    /// Call after the reply is stored. Waiting requests can now follow it.
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

/// One running reply.
#[derive(Debug)]
pub struct RunningReply {
    user: UserId,
    id: Uuid,
    /// `None` until the request that begins it has stored it.
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

    /// The user.
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

    /// Waits until the reply is stored. False if that failed.
    pub async fn is_begun(&self) -> bool {
        self.wait(|| self.begun.get()).await
    }

    /// Adds an event.
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

    /// Closes the reply. Without an end event if the ending could not be stored.
    pub fn close(&self) {
        self.is_closed.set(true);
        self.wake();
    }

    /// The events after `seen` as one text, possibly empty, and the number of the last event.
    pub fn since(&self, seen: usize) -> (String, usize) {
        let log = self.log.borrow();
        let text = log.iter().skip(seen).map(AsRef::as_ref).collect();
        (text, log.len())
    }

    /// The events after `seen` and the number of the last one, or `None` if there are none.
    pub fn batch(&self, seen: usize) -> Option<(Batch, usize)> {
        let (text, last) = self.since(seen);
        let first_seq = u32::try_from(seen).unwrap_or(u32::MAX).saturating_add(1);
        (!text.is_empty()).then_some((Batch { first_seq, text }, last))
    }

    /// Whether the reply is closed.
    pub fn is_closed(&self) -> bool {
        self.is_closed.get()
    }

    /// Requests the writer to stop at `seen_chars`. Only the first request counts.
    pub fn request_stop(&self, seen_chars: u32) {
        if self.stop.get().is_none() {
            self.stop.set(Some(seen_chars));
        }
        self.wake();
    }

    /// Waits for a stop request.
    pub async fn stop_requested(&self) -> u32 {
        self.wait(|| self.stop.get()).await
    }

    /// Waits for the end. `None` if it could not be stored.
    pub async fn ended(&self) -> Option<EndEvent> {
        self.wait(|| self.is_closed().then(|| self.end.borrow().clone()))
            .await
    }

    /// Waits for events after `seen`, or until the reply is closed.
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
