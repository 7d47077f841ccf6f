//! Who owns a running reply.
//!
//! The owner is the process that reads the model, numbers the events and stores the text. The rules of talking
//! ([`crate::generations`], [`crate::writer`]) stand on [`Owner`] and do not know which one it is:
//!
//! * [`ObjectOwner`]: a Durable Object for each conversation. All readers of a reply reach the same process, which
//!   keeps endings in its own storage until Postgres has them.
//! * [`PostgresOwner`]: for hosts that start an instance for every request. Readers elsewhere get events, and the
//!   writer gets their stops, through Postgres.

mod object;
mod postgres;

use std::rc::Rc;

use api::EndEvent;
use edge::{
    DatabaseError, Host, Unattended, UserId,
    db::{
        generations::{self, Settlement},
        reply_events::Batch,
    },
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use object::{ObjectOwner, ObjectStorage};
pub use postgres::PostgresOwner;

use crate::running::{RunningReplies, RunningReply};

/// Owns the replies that this process writes.
pub trait Owner: Clone + 'static {
    /// The replies that this process writes.
    fn running(&self) -> &RunningReplies;

    /// Called once Postgres has the beginning of a reply, before the model is asked.
    fn begun(&self, host: &impl Host, reply: &RunningReply);

    /// Runs beside the writer of a reply and is dropped with it. Brings the events to readers in other processes, in
    /// batches, and their stops to the writer.
    fn attend(&self, host: &impl Host, reply: &RunningReply) -> impl Future<Output = ()>;

    /// Stores how a reply ended where it outlives this process; false where that failed for good. Readers are told
    /// afterwards.
    fn store_ending(
        &self,
        host: &impl Host,
        reply: &Rc<RunningReply>,
        ending: Ending,
    ) -> impl Future<Output = bool>;

    /// The ending of a reply that this owner has stored and Postgres may not have yet.
    fn stored_ending(&self, host: &impl Host, user: &UserId, id: Uuid) -> Option<EndEvent>;

    /// Brings to Postgres what this owner has stored and Postgres has not. Called before anything is judged there.
    fn deliver(&self, host: &impl Host) -> impl Future<Output = ()>;
}

/// How a reply ended, as an owner keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Whose reply it was: Clerk's `user_…`.
    pub clerk_id: String,
    /// The reply.
    pub generation: Uuid,
    /// The message that it wrote.
    pub message: Uuid,
    /// What Postgres shall store.
    pub settlement: Settlement,
}

impl Ending {
    /// Whose reply it was.
    pub fn user(&self) -> UserId {
        UserId::from_clerk(&self.clerk_id)
    }

    /// What readers are told.
    pub fn event(&self) -> EndEvent {
        EndEvent {
            status: self.settlement.status,
            message_id: self.message,
            content: self.settlement.content.clone(),
        }
    }
}

/// Stores an ending in Postgres.
async fn settle(host: &impl Host, ending: &Ending, events: Option<&Batch>) -> Result<(), DatabaseError> {
    let mut db = Unattended::new(host.connect().await?);
    generations::settle(
        &mut db,
        &ending.user(),
        ending.generation,
        &ending.settlement,
        events,
    )
    .await
}
