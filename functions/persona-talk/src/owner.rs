//! The owner of a running reply: the process that reads the model, numbers the events and stores the text.
//!
//! [`crate::generations`] and [`crate::writer`] use the trait [`Owner`], which has two implementations:
//!
//! * [`ObjectOwner`]: a Durable Object for each conversation. All readers of a reply reach the same process. It keeps
//!   endings in its own storage until they are in Postgres.
//! * [`PostgresOwner`]: for hosts that start an instance for every request. Other processes get events from Postgres, and
//!   the writer gets their stop requests from there.

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

    /// Called after the beginning of a reply is stored in Postgres and the request to the model is sent.
    fn on_begin(&self, host: &impl Host, reply: &RunningReply);

    /// Runs in parallel with the writer of a reply and is dropped with it. Stores events for readers in other processes
    /// and passes their stop requests to the writer.
    fn serve_other_processes(&self, host: &impl Host, reply: &RunningReply) -> impl Future<Output = ()>;

    /// Stores the ending of a reply durably, before readers get it. False if that failed permanently.
    fn store_ending(
        &self,
        host: &impl Host,
        reply: &Rc<RunningReply>,
        ending: Ending,
    ) -> impl Future<Output = bool>;

    /// The ending of a reply in this owner's storage, which may not be in Postgres yet.
    fn stored_ending(&self, host: &impl Host, user: &UserId, id: Uuid) -> Option<EndEvent>;

    /// Writes stored endings to Postgres. Called before statements that depend on them.
    fn flush_endings(&self, host: &impl Host) -> impl Future<Output = ()>;
}

/// The ending of a reply in an owner's storage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The user: Clerk's `user_…`.
    pub clerk_id: String,
    /// The reply.
    pub generation: Uuid,
    /// Its message.
    pub message: Uuid,
    /// The values for Postgres.
    pub settlement: Settlement,
}

impl Ending {
    /// The user.
    pub fn user(&self) -> UserId {
        UserId::from_clerk(&self.clerk_id)
    }

    /// The event for readers.
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
