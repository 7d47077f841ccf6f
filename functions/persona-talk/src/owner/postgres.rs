//! An owner that uses Postgres, for hosts that start an instance for every request.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use api::EndEvent;
use edge::{
    DatabaseError, Host, Unattended, UserId,
    db::reply_events::{self, StopState},
};
use uuid::Uuid;

use super::{Ending, Owner, settle};
use crate::{
    limits::{EVENTS_KEPT_MS, POLL_MS, SETTLE_TRIES_MS, settle_pause_ms},
    running::{RunningReplies, RunningReply},
};

/// Owns the reply of one request. The reader that requested it is in this process and gets events immediately; other
/// readers get them from Postgres.
#[derive(Clone, Default)]
pub struct PostgresOwner {
    running: RunningReplies,
    /// The number of stored events of each reply.
    stored: Rc<RefCell<HashMap<Uuid, usize>>>,
}

impl PostgresOwner {
    fn stored(&self, id: Uuid) -> usize {
        self.stored.borrow().get(&id).copied().unwrap_or_default()
    }

    /// Stores new events, and reads whether a stop was requested.
    async fn exchange(&self, db: &mut Unattended, reply: &RunningReply) -> Result<StopState, DatabaseError> {
        let (user, id) = (reply.user(), reply.id());
        let Some((batch, last)) = reply.batch(self.stored(id)) else {
            return reply_events::stop_state(db, user, id).await;
        };
        let last_seq = u32::try_from(last).unwrap_or(u32::MAX);
        let state = reply_events::append(db, user, id, &batch, last_seq).await?;
        self.stored.borrow_mut().insert(id, last);
        Ok(state)
    }
}

impl Owner for PostgresOwner {
    fn running(&self) -> &RunningReplies {
        &self.running
    }

    fn on_begin(&self, _host: &impl Host, _reply: &RunningReply) {}

    async fn serve_other_processes(&self, host: &impl Host, reply: &RunningReply) {
        let mut connected = None;
        loop {
            host.sleep(POLL_MS).await;
            let exchanged = async {
                let mut db = match connected.take() {
                    Some(db) => db,
                    None => Unattended::new(host.connect().await?),
                };
                let state = self.exchange(&mut db, reply).await?;
                Ok::<_, DatabaseError>((db, state))
            };
            match exchanged.await {
                Ok((db, state)) => {
                    connected = Some(db);
                    match state {
                        StopState::Running => {}
                        StopState::Requested(seen_chars) => reply.request_stop(seen_chars),
                        StopState::Ended => return,
                    }
                }
                Err(error) => host.log_error(&format!("reply {}: {error}", reply.id())),
            }
        }
    }

    async fn store_ending(&self, host: &impl Host, reply: &Rc<RunningReply>, ending: Ending) -> bool {
        let id = reply.id();
        let stored = self.stored.borrow_mut().remove(&id).unwrap_or_default();
        let rest = reply.batch(stored).map(|(batch, _)| batch);
        let mut waited_ms: u32 = 0;
        for failures in 0.. {
            match settle(host, &ending, rest.as_ref()).await {
                Ok(()) => break,
                Err(error) => host.log_error(&format!("reply {id}: its ending is not stored: {error}")),
            }
            if waited_ms >= SETTLE_TRIES_MS {
                return false;
            }
            let pause_ms = settle_pause_ms(failures);
            host.sleep(pause_ms).await;
            waited_ms = waited_ms.saturating_add(pause_ms);
        }
        let (host, user) = (host.clone(), reply.user().clone());
        host.clone().wait_until(async move {
            host.sleep(EVENTS_KEPT_MS).await;
            let deleted = async {
                let mut db = Unattended::new(host.connect().await?);
                reply_events::delete(&mut db, &user, id).await
            };
            if let Err(error) = deleted.await {
                // The next reply of the conversation deletes them.
                host.log_error(&format!("reply {id}: its events are not deleted: {error}"));
            }
        });
        true
    }

    fn stored_ending(&self, _host: &impl Host, _user: &UserId, _id: Uuid) -> Option<EndEvent> {
        None
    }

    async fn flush_endings(&self, _host: &impl Host) {}
}
