//! Writes one reply: reads the model, adds events for readers, stores the text.

use std::{
    cell::Cell,
    future::pending,
    pin::{Pin, pin},
    rc::Rc,
};

use api::MessageStatus;
use bytes::Bytes;
use edge::{
    Host, Unattended,
    db::generations::{self, Settlement},
};
use engine::reply::{self, EndStatus, Event, Failure, Reply};
use futures_util::{
    StreamExt,
    future::{Either, FusedFuture, FutureExt, select},
};
use uuid::Uuid;

use crate::{
    limits::{HEARTBEAT_MS, TICK_MS},
    owner::{Ending, Owner},
    problem,
    running::RunningReply,
    upstream::Source,
    wire,
};

/// The input of [`write`].
pub struct Job {
    /// The reply.
    pub reply: Rc<RunningReply>,
    /// Its message.
    pub message: Uuid,
    /// The existing text of the message (for Continue).
    pub before: String,
    /// The model's response.
    pub source: Source,
}

enum Input {
    Bytes(Bytes),
    Ended,
    Failed(Failure),
    Stop(u32),
    Tick,
}

struct Writer<H> {
    host: H,
    running: Rc<RunningReply>,
    reply: Reply,
    /// One flush at a time. A slow database must not delay the reply.
    is_flushing: Rc<Cell<bool>>,
    flushed_at_ms: i64,
}

/// Writes the reply to its end. Adds the end event after the ending is stored.
pub async fn write<H: Host>(host: H, owner: impl Owner, job: Job) {
    let running = job.reply;
    let mut writer = Writer {
        flushed_at_ms: host.now_ms(),
        host: host.clone(),
        running: running.clone(),
        reply: Reply::new(&job.before),
        is_flushing: Rc::default(),
    };
    {
        let serving = async {
            owner.serve_other_processes(&host, &running).await;
            pending::<()>().await;
        };
        select(pin!(writer.run(job.source)), pin!(serving)).await;
    }
    if let Some((seq, ending)) = writer.ending(job.message) {
        let end = ending.event();
        if owner.store_ending(&host, &running, ending).await {
            running.finish(wire::end(seq, &end), end);
        }
    }
    running.close();
    owner.running().remove(&running);
}

async fn next(
    running: &RunningReply,
    source: &mut Source,
    timer: Pin<&mut (impl FusedFuture<Output = ()> + ?Sized)>,
) -> Input {
    let stop = Box::pin(running.stop_requested());
    match select(stop, select(source.next(), timer)).await {
        Either::Left((seen_chars, _)) => Input::Stop(seen_chars),
        Either::Right((Either::Left((Some(Ok(bytes)), _)), _)) => Input::Bytes(bytes),
        Either::Right((Either::Left((Some(Err(failure)), _)), _)) => Input::Failed(failure),
        Either::Right((Either::Left((None, _)), _)) => Input::Ended,
        Either::Right((Either::Right(_), _)) => Input::Tick,
    }
}

impl<H: Host> Writer<H> {
    /// Handles input until the reply has ended. Dropping the source aborts the request to the model.
    async fn run(&mut self, mut source: Source) {
        let mut timer = Box::pin(self.host.sleep(TICK_MS).fuse());
        while !self.reply.is_ended() {
            let input = next(&self.running, &mut source, timer.as_mut()).await;
            if matches!(input, Input::Tick) {
                timer = Box::pin(self.host.sleep(TICK_MS).fuse());
            }
            self.handle(input);
        }
    }

    fn handle(&mut self, input: Input) {
        let events = match input {
            Input::Bytes(bytes) => self.reply.bytes(&bytes),
            Input::Ended => self.reply.upstream_ended(),
            Input::Failed(failure) => self.reply.upstream_failed(failure),
            Input::Stop(seen_chars) => self.reply.stop(seen_chars as usize),
            Input::Tick => self.tick(),
        };
        for event in events {
            self.publish(event);
        }
    }

    fn tick(&mut self) -> Vec<Event> {
        let now_ms = self.host.now_ms();
        let mut events = self.reply.tick(now_ms.unsigned_abs());
        if events.is_empty() && now_ms.saturating_sub(self.flushed_at_ms) >= HEARTBEAT_MS {
            events.push(Event::Flush);
        }
        events
    }

    fn publish(&mut self, event: Event) {
        match event {
            Event::Delta { seq, text } => self.running.push(wire::delta(seq, text)),
            Event::Reasoning { seq, text } => self.running.push(wire::reasoning(seq, text)),
            Event::Error { seq, failure } => {
                self.host
                    .log(&format!("reply {}: {failure:?}", self.running.id()));
                let problem = problem::problem(&failure, self.host.request_id());
                self.running.push(wire::error(seq, &problem));
            }
            Event::Flush => self.flush(),
            // Added after it is stored: see `write`.
            Event::End { .. } => {}
        }
    }

    /// Stores the text so far in the background.
    fn flush(&mut self) {
        self.flushed_at_ms = self.host.now_ms();
        if self.is_flushing.replace(true) {
            return;
        }
        let (host, running, is_flushing) =
            (self.host.clone(), self.running.clone(), self.is_flushing.clone());
        let (content, seq) = (self.reply.text().to_owned(), seq(self.reply.seq()));
        self.host.wait_until(async move {
            let stored = async {
                let mut db = Unattended::new(host.connect().await?);
                generations::flush(&mut db, running.user(), running.id(), &content, seq).await
            };
            if let Err(error) = stored.await {
                host.log_error(&format!("reply {}: not flushed: {error}", running.id()));
            }
            is_flushing.set(false);
        });
    }

    /// The ending, and the number of its event.
    fn ending(&self, message: Uuid) -> Option<(u64, Ending)> {
        let ending: &reply::Ending = self.reply.ending()?;
        let status = match ending.status {
            EndStatus::Done => MessageStatus::Done,
            EndStatus::Stopped => MessageStatus::Stopped,
            EndStatus::Interrupted => MessageStatus::Interrupted,
            EndStatus::Refused => MessageStatus::Refused,
        };
        let settlement = Settlement {
            status,
            content: self.reply.text().to_owned(),
            seq: seq(self.reply.seq()),
            error_code: ending
                .failure
                .as_ref()
                .map(|failure| problem::slug(failure).to_owned()),
            tokens_in: ending.usage.map(|usage| usage.prompt_tokens),
            tokens_out: ending.usage.map(|usage| usage.completion_tokens),
        };
        let ending = Ending {
            clerk_id: self.running.user().clerk_id().to_owned(),
            generation: self.running.id(),
            message,
            settlement,
        };
        Some((self.reply.seq(), ending))
    }
}

fn seq(seq: u64) -> u32 {
    u32::try_from(seq).unwrap_or(u32::MAX)
}
