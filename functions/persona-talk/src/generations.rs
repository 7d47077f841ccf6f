//! Replies: begin, follow, stop.

use std::{pin::pin, rc::Rc};

use api::{GenerationInput, GenerationKind, StopInput, limits::REPLIES_AT_ONCE_MAX};
use edge::{
    Caller, Database, Error, Host, Request, Reset, Response, authenticate,
    db::generations::{self, Begun, Verdict},
    json,
    request::{header_text, read_json},
};
use futures_util::future::{Either, select};
use http::StatusCode;
use uuid::Uuid;

use crate::{
    elsewhere::Elsewhere,
    known,
    limits::STOP_ANSWER_MS,
    owner::Owner,
    running::{Claim, Claimed, RunningReply},
    upstream, wire, writer,
};

/// `POST /api/conversations/{id}/generations`: a reply as `text/event-stream`. A repeated POST joins the same reply.
pub async fn begin(
    request: Request,
    host: &impl Host,
    owner: &impl Owner,
    conversation: Uuid,
) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let input = read_json::<GenerationInput>(request).await?;
    input.check()?;
    let mut db = caller.database(host).await?;
    let claim = match claim(owner, &caller, input.id).await {
        Claimed::Taken(reply) => {
            // Judges the session; that the reply is there is known.
            generations::find(&mut db, input.id, u32::MAX).await?;
            return Ok(wire::follow(host, reply, 0));
        }
        Claimed::New(claim) => claim,
    };
    owner.deliver(host).await;
    match judge(&mut db, host, owner, &caller, conversation, &input).await? {
        Verdict::Begun(begun) => {
            known::conversation(caller.user_id(), conversation);
            known::reply(caller.user_id(), input.id, conversation);
            Ok(start(host, owner, &input, &begun, claim))
        }
        Verdict::Same => {
            drop(claim);
            follow(db, host, owner, &caller, input.id, 0).await
        }
        Verdict::Missing => Err(Error::NotFound("conversation")),
        Verdict::Gone => Err(Error::Gone(
            "This persona was deleted. The conversation can be read, not continued.",
        )),
        Verdict::Busy | Verdict::Lost(_) | Verdict::Raced => Err(Error::Busy),
        Verdict::TooMany(at) => Err(Error::TooMany {
            detail: format!(
                "{REPLIES_AT_ONCE_MAX} replies are being written for you, which is the most. Wait until one has ended."
            ),
            reset: Reset { at, after_s: 10 },
        }),
        Verdict::Stale => Err(Error::Stale("This conversation has moved on in another window.")),
        Verdict::Taken => Err(Error::Conflict(
            "This conversation has a message of this id already.",
        )),
        Verdict::Impossible => Err(Error::Conflict(
            "There is no reply here that this could be done with.",
        )),
    }
}

/// Claims a reply, or finds the one that an equal request has begun. Where that request fails, one of those that
/// waited for it claims the reply in turn.
async fn claim(owner: &impl Owner, caller: &Caller, id: Uuid) -> Claimed {
    loop {
        match owner.running().claim(caller.user_id(), id) {
            Claimed::Taken(reply) if !reply.is_begun().await => {}
            claimed => return claimed,
        }
    }
}

/// Judges and stores the beginning of a reply. A reply that is lost does not keep the conversation busy.
async fn judge(
    db: &mut Database,
    host: &impl Host,
    owner: &impl Owner,
    caller: &Caller,
    conversation: Uuid,
    input: &GenerationInput,
) -> Result<Verdict, Error> {
    let config = host.config();
    // More than the prompt's budget holds in any script, see `engine::tokens`.
    let history_bytes = config.model_context_tokens.saturating_mul(6);
    let ask = async |db: &mut Database| {
        generations::begin(db, conversation, input, &config.model_name, history_bytes).await
    };
    match ask(db).await? {
        Verdict::Lost(lost) => {
            // Its heartbeats do not reach the database, but it is being written here.
            if owner.running().find(caller.user_id(), lost).await.is_some() {
                return Ok(Verdict::Busy);
            }
            generations::abandon(db, lost).await?;
        }
        // The statement may have waited for an equal one, whose reply only a new statement sees.
        Verdict::Stale => {}
        Verdict::Raced => *db = caller.database(host).await?,
        verdict => return Ok(verdict),
    }
    Ok(ask(db).await?)
}

fn start(
    host: &impl Host,
    owner: &impl Owner,
    input: &GenerationInput,
    begun: &Begun,
    claim: Claim,
) -> Response {
    let sent = input.message.as_ref().map(|message| message.content.as_str());
    let prompt = upstream::prompt(begun, input.kind, sent, host.config());
    let before = match (input.kind, begun.history.last()) {
        (GenerationKind::Continue, Some(last)) => last.content.clone(),
        _ => String::new(),
    };
    let reply = claim.begin();
    owner.begun(host, &reply);
    let job = writer::Job {
        reply: reply.clone(),
        message: input.reply_id,
        before,
        source: upstream::ask(host.clone(), prompt),
    };
    host.wait_until(writer::write(host.clone(), owner.clone(), job));
    wire::follow(host, reply, 0)
}

/// `GET /api/generations/{id}/events`: the reply from where the reader left it (`Last-Event-ID`), on any device.
pub async fn events(
    request: Request,
    host: &impl Host,
    owner: &impl Owner,
    id: Uuid,
) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let seen = wire::last_event_id(header_text(request.headers(), "last-event-id"))?;
    match owner.running().find(caller.user_id(), id).await {
        Some(reply) => Ok(wire::follow(host, reply, seen as usize)),
        None => {
            owner.deliver(host).await;
            if let Some(end) = owner.stored_ending(host, caller.user_id(), id) {
                return Ok(wire::over(u64::from(seen).saturating_add(1), &end));
            }
            follow(caller.database(host).await?, host, owner, &caller, id, seen).await
        }
    }
}

/// `POST /api/generations/{id}/stop`: stops the reply at what the reader had seen. Stopping an ended reply is no error.
pub async fn stop(
    request: Request,
    host: &impl Host,
    owner: &impl Owner,
    id: Uuid,
) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let input = read_json::<StopInput>(request).await?;
    let user = caller.user_id();
    let end = match owner.running().find(user, id).await {
        Some(reply) => {
            reply.request_stop(input.seen_chars);
            match select(pin!(reply.ended()), pin!(host.sleep(STOP_ANSWER_MS))).await {
                Either::Left((Some(end), _)) => end,
                _ => return Err(Error::unavailable("the end of the reply is not stored yet")),
            }
        }
        None => {
            owner.deliver(host).await;
            match owner.stored_ending(host, user, id) {
                Some(end) => end,
                None => {
                    let mut reply = Elsewhere {
                        db: caller.database(host).await?,
                        id,
                    };
                    reply.stop(host, input.seen_chars).await?
                }
            }
        }
    };
    json(StatusCode::OK, &end)
}

/// Follows a reply that was not found in this process.
async fn follow(
    db: Database,
    host: &impl Host,
    owner: &impl Owner,
    caller: &Caller,
    id: Uuid,
    seen: u32,
) -> Result<Response, Error> {
    // It may have begun here while the database was asked.
    let begun: Option<Rc<RunningReply>> = owner.running().find(caller.user_id(), id).await;
    match begun {
        Some(reply) => Ok(wire::follow(host, reply, seen as usize)),
        None => Elsewhere { db, id }.follow(host, seen).await,
    }
}
