//! Follows and stops a reply that another process writes, or whose process has ended.

use api::{EndEvent, MessageStatus};
use bytes::Bytes;
use edge::{
    Database, DatabaseError, Error, Host, Response,
    body::Broken,
    db::{
        generations::{self, Stored},
        reply_events::{self, Batch},
    },
};
use futures_util::stream;
use uuid::Uuid;

use crate::{
    limits::{POLL_MS, STOP_TIMEOUT_MS, STREAM_HEARTBEAT_MS},
    wire,
};

/// A reply that this process reads from the database.
pub struct RemoteReply {
    /// The caller's database.
    pub db: Database,
    /// The reply.
    pub id: Uuid,
}

impl RemoteReply {
    /// The events after `seen`, as its owner stores them, until the end.
    ///
    /// # Errors
    /// 404, and those of the database.
    pub async fn follow(mut self, host: &impl Host, seen: u32) -> Result<Response, Error> {
        let first = self.load(seen).await?;
        let host = host.clone();
        let state = Some((self, seen, Some(first), 0));
        Ok(wire::response(stream::unfold(state, move |state| {
            let host = host.clone();
            async move {
                let (mut reply, seen, first, mut silent_ms) = state?;
                let mut first = first.map(Ok);
                loop {
                    let stored = match first.take() {
                        Some(stored) => stored,
                        None => reply.load(seen).await,
                    };
                    let stored = match stored {
                        Ok(stored) => stored,
                        Err(error) => return Some((Err(Broken::Off(error.to_string())), None)),
                    };
                    let (mut text, last) = unseen(&stored.events, seen);
                    if let Some(end) = end(&stored) {
                        text.push_str(&wire::end(
                            u64::from(stored.seq.max(last.saturating_add(1))),
                            &end,
                        ));
                        return Some((Ok(Bytes::from(text)), None));
                    }
                    if !text.is_empty() {
                        return Some((Ok(Bytes::from(text)), Some((reply, last, None, 0))));
                    }
                    if silent_ms >= STREAM_HEARTBEAT_MS {
                        return Some((Ok(wire::HEARTBEAT), Some((reply, seen, None, 0))));
                    }
                    host.sleep(POLL_MS).await;
                    silent_ms = silent_ms.saturating_add(POLL_MS);
                }
            }
        })))
    }

    /// Requests the owner to stop at `seen_chars`, and waits for the end.
    ///
    /// # Errors
    /// 404, 503 if the reply does not end in time, and those of the database.
    pub async fn stop(&mut self, host: &impl Host, seen_chars: u32) -> Result<EndEvent, Error> {
        let mut waited_ms = 0;
        let mut is_requested = false;
        loop {
            let stored = self.load(u32::MAX).await?;
            if let Some(end) = end(&stored) {
                return Ok(end);
            }
            if waited_ms >= STOP_TIMEOUT_MS {
                return Err(Error::unavailable("the owner of the reply does not stop it"));
            }
            if !is_requested {
                reply_events::request_stop(&mut self.db, self.id, seen_chars).await?;
                is_requested = true;
            }
            host.sleep(POLL_MS).await;
            waited_ms = waited_ms.saturating_add(POLL_MS);
        }
    }

    /// Loads the reply. A lost reply is marked as interrupted first.
    async fn load(&mut self, seen: u32) -> Result<Stored, Error> {
        let stored = self.find(seen).await?;
        if !stored.is_lost {
            return Ok(stored);
        }
        generations::abandon(&mut self.db, self.id).await?;
        self.find(seen).await
    }

    async fn find(&mut self, seen: u32) -> Result<Stored, Error> {
        let stored: Result<_, DatabaseError> = generations::find(&mut self.db, self.id, seen).await;
        stored?.ok_or(Error::NotFound("reply"))
    }
}

fn end(stored: &Stored) -> Option<EndEvent> {
    let status: MessageStatus = stored.ended?;
    Some(EndEvent {
        status,
        message_id: stored.message,
        content: stored.content.clone(),
    })
}

/// The events of a batch after `seen`, and the number of the last one.
fn unseen(batch: &Batch, seen: u32) -> (String, u32) {
    let mut text = String::new();
    let mut last = seen;
    for (seq, event) in (batch.first_seq..).zip(batch.text.split_inclusive("\n\n")) {
        if seq > seen {
            text.push_str(event);
            last = seq;
        }
    }
    (text, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unseen_events_of_a_batch_are_sent() {
        let batch = Batch {
            first_seq: 3,
            text: [3, 4, 5]
                .map(|seq| wire::delta(seq, format!("{seq}\n\n")))
                .concat(),
        };
        for (seen, first, last) in [(0, 3, 5), (2, 3, 5), (3, 4, 5), (4, 5, 5)] {
            let (text, now) = unseen(&batch, seen);
            assert!(text.starts_with(&format!("id: {first}\n")), "{seen}: {text}");
            assert_eq!(now, last);
        }
        assert_eq!(unseen(&batch, 5), (String::new(), 5));
        assert_eq!(unseen(&Batch::default(), 7), (String::new(), 7));
    }
}
