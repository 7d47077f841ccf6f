//! A Durable Object for each conversation.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
    future::{Future, pending},
    rc::Rc,
};

use api::EndEvent;
use edge::{Error, Host, Unattended, UserId, db::generations, outbound::within};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Ending, Owner, settle};
use crate::{
    limits::{SETTLE_MS, settle_pause_ms},
    running::{RunningReplies, RunningReply},
};

/// The durable storage of an object: texts by key, and one alarm.
pub trait ObjectStorage: 'static {
    /// All texts.
    ///
    /// # Errors
    /// If the storage fails.
    fn all(&self) -> Result<Vec<(Uuid, String)>, Error>;
    /// Inserts or replaces a text.
    ///
    /// # Errors
    /// If the storage fails.
    fn put(&self, key: Uuid, text: &str) -> Result<(), Error>;
    /// Removes a text.
    ///
    /// # Errors
    /// If the storage fails.
    fn remove(&self, key: Uuid) -> Result<(), Error>;
    /// Sets, replaces or clears the alarm. The alarm starts the object if necessary.
    ///
    /// # Errors
    /// If the storage fails.
    fn set_alarm(&self, in_ms: Option<u32>) -> impl Future<Output = Result<(), Error>>;
}

/// The stored state of a reply, from its beginning until its ending is in Postgres.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stored {
    /// It was running for this `user_…` in the process that stored this.
    Running(String),
    /// It has ended. `failures` counts failed attempts to write the ending to Postgres.
    Ended { ending: Ending, failures: u32 },
}

/// Owns the replies of one conversation. All requests to follow or stop them reach this process.
pub struct ObjectOwner<S>(Rc<State<S>>);

struct State<S> {
    running: RunningReplies,
    storage: S,
    /// The stored states, read once. Does not contain running replies of this process.
    stored: OnceCell<RefCell<BTreeMap<Uuid, Stored>>>,
    /// Replies whose ending is in Postgres and whose stored state the next alarm removes.
    settled: RefCell<Vec<Uuid>>,
}

impl<S> Clone for ObjectOwner<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: ObjectStorage> ObjectOwner<S> {
    /// An owner with this storage, which is read on first use.
    pub fn new(storage: S) -> Self {
        Self(Rc::new(State {
            running: RunningReplies::default(),
            storage,
            stored: OnceCell::new(),
            settled: RefCell::default(),
        }))
    }

    fn stored(&self, host: &impl Host) -> &RefCell<BTreeMap<Uuid, Stored>> {
        self.0.stored.get_or_init(|| {
            let all = self.0.storage.all().unwrap_or_else(|error| {
                host.log_error(&format!("endings cannot be read: {}", cause(&error)));
                Vec::new()
            });
            let read = |(key, text): (Uuid, String)| match serde_json::from_str(&text) {
                Ok(stored) => Some((key, stored)),
                Err(error) => {
                    host.log_error(&format!("reply {key}: the stored state cannot be read: {error}"));
                    None
                }
            };
            RefCell::new(all.into_iter().filter_map(read).collect())
        })
    }

    fn put(&self, host: &impl Host, key: Uuid, stored: Stored) -> Result<(), Error> {
        // Read the states of earlier processes before adding one.
        let all = self.stored(host);
        let text = serde_json::to_string(&stored).map_err(Error::internal)?;
        self.0.storage.put(key, &text)?;
        if let Stored::Ended { .. } = stored {
            all.borrow_mut().insert(key, stored);
        }
        Ok(())
    }

    fn remove(&self, host: &impl Host, key: Uuid) {
        self.stored(host).borrow_mut().remove(&key);
        if let Err(error) = self.0.storage.remove(key) {
            host.log_error(&format!("reply {key}: not removed: {}", cause(&error)));
        }
    }

    /// Writes one ending to Postgres. A reply whose process has ended is interrupted with the text in Postgres.
    async fn write_to_postgres(&self, host: &impl Host, key: Uuid, stored: &Stored) -> Result<(), Error> {
        within(host, SETTLE_MS, "storing an ending", async {
            match stored {
                Stored::Running(clerk_id) => {
                    let mut db = Unattended::new(host.connect().await?);
                    generations::give_up(&mut db, &UserId::from_clerk(clerk_id), key).await?;
                }
                Stored::Ended { ending, .. } => settle(host, ending, None).await?,
            }
            Ok(())
        })
        .await
    }

    /// Handles the alarm: removes what Postgres has, writes the other endings there, and sets the alarm again for those
    /// that failed.
    pub async fn alarm(&self, host: &impl Host) {
        self.remove_settled(host);
        self.flush_endings(host).await;
    }

    fn remove_settled(&self, host: &impl Host) {
        for key in self.0.settled.take() {
            self.remove(host, key);
        }
    }

    /// Counts a failed attempt, so that pauses also grow across restarts. Returns the next pause.
    fn record_failure(&self, host: &impl Host, key: Uuid, stored: Stored, error: &Error) -> u32 {
        host.log_error(&format!(
            "reply {key}: its ending is not in Postgres yet: {}",
            cause(error)
        ));
        let Stored::Ended { ending, failures } = stored else {
            return settle_pause_ms(0);
        };
        let counted = Stored::Ended {
            ending,
            failures: failures.saturating_add(1),
        };
        if let Err(error) = self.put(host, key, counted) {
            host.log_error(&format!("reply {key}: {}", cause(&error)));
        }
        settle_pause_ms(failures)
    }

    async fn set_alarm(&self, host: &impl Host, in_ms: Option<u32>) {
        if let Err(error) = self.0.storage.set_alarm(in_ms).await {
            host.log_error(&format!("the alarm cannot be set: {}", cause(&error)));
        }
    }
}

fn cause(error: &Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

impl<S: ObjectStorage> Owner for ObjectOwner<S> {
    fn running(&self) -> &RunningReplies {
        &self.0.running
    }

    fn on_begin(&self, host: &impl Host, reply: &RunningReply) {
        // A reply that failed at once has ended by now, and its ending must not be overwritten.
        let key = reply.id();
        if self.stored(host).borrow().contains_key(&key) || self.0.settled.borrow().contains(&key) {
            return;
        }
        let running = Stored::Running(reply.user().clerk_id().to_owned());
        if let Err(error) = self.put(host, reply.id(), running) {
            // A lost reply is also detected by its missing heartbeat.
            host.log_error(&format!("reply {}: {}", reply.id(), cause(&error)));
        }
    }

    async fn serve_other_processes(&self, _host: &impl Host, _reply: &RunningReply) {
        // All readers are in this process.
        pending().await
    }

    async fn store_ending(&self, host: &impl Host, reply: &Rc<RunningReply>, ending: Ending) -> bool {
        let key = reply.id();
        let stored = Stored::Ended { ending, failures: 0 };
        let kept = self.put(host, key, stored.clone());
        if let Err(error) = &kept {
            host.log_error(&format!("reply {key}: {}", cause(error)));
        }
        // Set first, so that the ending reaches Postgres even if this process ends.
        self.set_alarm(host, Some(settle_pause_ms(0).max(2 * SETTLE_MS)))
            .await;
        match self.write_to_postgres(host, key, &stored).await {
            Ok(()) => {
                // The state stays in the storage until the alarm, because a write here would delay the end event until
                // it is durable.
                self.stored(host).borrow_mut().remove(&key);
                self.0.settled.borrow_mut().push(key);
                true
            }
            Err(error) => {
                let pause_ms = self.record_failure(host, key, stored, &error);
                self.set_alarm(host, Some(pause_ms)).await;
                kept.is_ok()
            }
        }
    }

    fn stored_ending(&self, host: &impl Host, user: &UserId, id: Uuid) -> Option<EndEvent> {
        match self.stored(host).borrow().get(&id) {
            Some(Stored::Ended { ending, .. }) if ending.clerk_id == user.clerk_id() => Some(ending.event()),
            _ => None,
        }
    }

    async fn flush_endings(&self, host: &impl Host) {
        let pending: Vec<_> = self
            .stored(host)
            .borrow()
            .iter()
            .map(|(key, stored)| (*key, stored.clone()))
            .collect();
        if pending.is_empty() {
            return;
        }
        // The alarm that would remove them is replaced below.
        self.remove_settled(host);
        let mut next_ms = None;
        for (key, stored) in pending {
            match self.write_to_postgres(host, key, &stored).await {
                Ok(()) => self.remove(host, key),
                Err(error) => {
                    let pause_ms = self.record_failure(host, key, stored, &error);
                    next_ms = Some(next_ms.map_or(pause_ms, |ms: u32| ms.min(pause_ms)));
                }
            }
        }
        self.set_alarm(host, next_ms).await;
    }
}

#[cfg(test)]
mod tests;
