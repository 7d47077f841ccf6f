//! Writes one reply: reads the model, tells those who follow, keeps the record.

use std::{cell::Cell, pin::Pin, rc::Rc};

use api::{EndEvent, MessageStatus};
use bytes::Bytes;
use edge::{
    Host, Unattended, UserId,
    db::generations::{self, Settlement},
};
use engine::reply::{EndStatus, Ending, Event, Failure, Reply};
use futures_util::{
    StreamExt,
    future::{Either, FusedFuture, FutureExt, select},
};
use uuid::Uuid;

use crate::{Live, live::Session, problem, upstream::Source, wire};

/// How often the state machine is told the time.
const TICK_MS: u32 = 1_000;
/// A reply with nothing new to store still says that it is alive, well within the 45 s after which it counts as lost.
const HEARTBEAT_MS: i64 = 10_000;
/// Waits between attempts to store an ending: a database that restarts is back within them.
const SETTLE_WAITS_MS: [u32; 6] = [0, 250, 1_000, 2_000, 5_000, 10_000];

/// A reply about to be written.
pub struct Job {
    /// Whose it is.
    pub user: UserId,
    /// Its id.
    pub id: Uuid,
    /// The message it writes.
    pub message: Uuid,
    /// What the message already holds (for Continue).
    pub before: String,
    /// The model's answer.
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
    session: Rc<Session>,
    user: UserId,
    id: Uuid,
    message: Uuid,
    reply: Reply,
    /// One flush at a time: a slow database must not hold back the reply.
    flushing: Rc<Cell<bool>>,
    flushed_at_ms: i64,
}

/// Writes the reply to its end and gives up owning it.
pub async fn write<H: Host>(host: H, live: Live, session: Rc<Session>, job: Job) {
    let mut source = job.source;
    let mut writer = Writer {
        flushed_at_ms: host.now_ms(),
        host,
        session,
        user: job.user,
        id: job.id,
        message: job.message,
        reply: Reply::new(&job.before),
        flushing: Rc::default(),
    };
    let mut timer = Box::pin(writer.host.sleep(TICK_MS).fuse());
    while !writer.reply.is_ended() {
        let input = next(&writer.session, &mut source, timer.as_mut()).await;
        if matches!(input, Input::Tick) {
            timer = Box::pin(writer.host.sleep(TICK_MS).fuse());
        }
        writer.take(input).await;
    }
    live.remove(writer.id);
}

async fn next(
    session: &Session,
    source: &mut Source,
    timer: Pin<&mut (impl FusedFuture<Output = ()> + ?Sized)>,
) -> Input {
    let stop = Box::pin(session.stop_requested());
    match select(stop, select(source.next(), timer)).await {
        Either::Left((seen_chars, _)) => Input::Stop(seen_chars),
        Either::Right((Either::Left((Some(Ok(bytes)), _)), _)) => Input::Bytes(bytes),
        Either::Right((Either::Left((Some(Err(failure)), _)), _)) => Input::Failed(failure),
        Either::Right((Either::Left((None, _)), _)) => Input::Ended,
        Either::Right((Either::Right(_), _)) => Input::Tick,
    }
}

impl<H: Host> Writer<H> {
    async fn take(&mut self, input: Input) {
        let events = match input {
            Input::Bytes(bytes) => self.reply.bytes(&bytes),
            Input::Ended => self.reply.upstream_ended(),
            Input::Failed(failure) => self.reply.upstream_failed(failure),
            Input::Stop(seen_chars) => self.reply.stop(seen_chars as usize),
            Input::Tick => self.tick(),
        };
        for event in events {
            self.tell(event).await;
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

    async fn tell(&mut self, event: Event) {
        match event {
            Event::Delta { seq, text } => self.session.push(wire::delta(seq, text)),
            Event::Reasoning { seq, text } => self.session.push(wire::reasoning(seq, text)),
            Event::Error { seq, failure } => {
                self.host.log(&format!("reply {}: {failure:?}", self.id));
                self.session.push(wire::error(
                    seq,
                    &problem::problem(&failure, self.host.request_id()),
                ));
            }
            Event::Flush => self.flush(),
            Event::End { seq, ending } => self.end(seq, &ending).await,
        }
    }

    fn flush(&mut self) {
        self.flushed_at_ms = self.host.now_ms();
        if self.flushing.replace(true) {
            return;
        }
        let (host, user, id, flushing) = (
            self.host.clone(),
            self.user.clone(),
            self.id,
            self.flushing.clone(),
        );
        let (content, seq) = (self.reply.text().to_owned(), seq(self.reply.seq()));
        self.host.wait_until(async move {
            let stored = async {
                generations::flush(
                    &mut Unattended::new(host.connect().await?),
                    &user,
                    id,
                    &content,
                    seq,
                )
                .await
            };
            if let Err(error) = stored.await {
                host.log(&format!("reply {id}: not flushed: {error}"));
            }
            flushing.set(false);
        });
    }

    /// Stores the ending before anybody is told, so that a reload right after finds it.
    async fn end(&mut self, seq_no: u64, ending: &Ending) {
        let status = match ending.status {
            EndStatus::Done => MessageStatus::Done,
            EndStatus::Stopped => MessageStatus::Stopped,
            EndStatus::Interrupted => MessageStatus::Interrupted,
            EndStatus::Refused => MessageStatus::Refused,
        };
        let settlement = Settlement {
            status,
            content: self.reply.text().to_owned(),
            seq: seq(seq_no),
            error_code: ending.failure.as_ref().map(problem::slug),
            tokens_in: ending.usage.map(|usage| usage.prompt_tokens),
            tokens_out: ending.usage.map(|usage| usage.completion_tokens),
        };
        self.settle(&settlement).await;
        let end = EndEvent {
            status,
            message_id: self.message,
            content: settlement.content,
        };
        self.session.finish(wire::end(seq_no, &end), end);
    }

    async fn settle(&self, settlement: &Settlement) {
        for wait_ms in SETTLE_WAITS_MS {
            if wait_ms > 0 {
                self.host.sleep(wait_ms).await;
            }
            let stored = async {
                generations::settle(
                    &mut Unattended::new(self.host.connect().await?),
                    &self.user,
                    self.id,
                    settlement,
                )
                .await
            };
            match stored.await {
                Ok(()) => return,
                Err(error) => self.host.log(&format!("reply {}: not settled: {error}", self.id)),
            }
        }
    }
}

fn seq(seq: u64) -> u32 {
    u32::try_from(seq).unwrap_or(u32::MAX)
}
