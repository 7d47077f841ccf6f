//! Replies: begin, follow, stop.

use std::{pin::pin, rc::Rc};

use api::{GenerationInput, GenerationKind, StopInput, limits::REPLIES_AT_ONCE_MAX};
use edge::{
    Caller, Database, Error, Host, Request, Reset, Response, authenticate,
    db::generations::{self, BeginOutcome, Begun},
    json,
    request::{header_text, read_json},
};
use futures_util::future::{Either, select};
use http::StatusCode;
use uuid::Uuid;

use crate::{
    limits::STOP_TIMEOUT_MS,
    owner::Owner,
    ownership_cache,
    remote::RemoteReply,
    running::{Claim, Claimed, RunningReply},
    upstream, wire, writer,
};

/// `POST /api/conversations/{id}/generations`: starts a reply, streamed as `text/event-stream`. A repeated POST joins the
/// same reply.
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
            // Only checks the session.
            generations::find(&mut db, input.id, u32::MAX).await?;
            return Ok(wire::follow(host, reply, 0));
        }
        Claimed::New(claim) => claim,
    };
    owner.flush_endings(host).await;
    match store_beginning(&mut db, host, owner, &caller, conversation, &input).await? {
        BeginOutcome::Begun(begun) => {
            ownership_cache::insert_conversation(caller.user_id(), conversation);
            ownership_cache::insert_reply(caller.user_id(), input.id, conversation);
            Ok(start(host, owner, &input, &begun, claim))
        }
        BeginOutcome::Same => {
            drop(claim);
            follow(db, host, owner, &caller, input.id, 0).await
        }
        BeginOutcome::Missing => Err(Error::NotFound("conversation")),
        BeginOutcome::Gone => Err(Error::Gone(
            "This persona was deleted. The conversation is read-only.",
        )),
        BeginOutcome::Busy | BeginOutcome::Lost(_) | BeginOutcome::Raced => Err(Error::Busy),
        BeginOutcome::TooMany(at) => Err(Error::TooMany {
            detail: format!(
                "You have reached the limit of {REPLIES_AT_ONCE_MAX} running replies. Wait until one has ended."
            ),
            reset: Reset { at, after_s: 10 },
        }),
        BeginOutcome::Stale => Err(Error::Stale("This conversation was continued in another window.")),
        BeginOutcome::Taken => Err(Error::Conflict(
            "This conversation already has a message with this id.",
        )),
        BeginOutcome::Impossible => Err(Error::Conflict("There is no reply to retry or continue.")),
    }
}

/// Claims a reply, or waits for an equal request that has claimed it. If that request fails, one of the waiting requests
/// claims the reply.
async fn claim(owner: &impl Owner, caller: &Caller, id: Uuid) -> Claimed {
    loop {
        match owner.running().claim(caller.user_id(), id) {
            Claimed::Taken(reply) if !reply.is_begun().await => {}
            claimed => return claimed,
        }
    }
}

/// Checks the request and stores the beginning of a reply. First abandons a lost reply of the conversation.
async fn store_beginning(
    db: &mut Database,
    host: &impl Host,
    owner: &impl Owner,
    caller: &Caller,
    conversation: Uuid,
    input: &GenerationInput,
) -> Result<BeginOutcome, Error> {
    let config = host.config();
    // Exceeds the prompt's budget in any script: see `engine::tokens`.
    let history_bytes = config.model_context_tokens.saturating_mul(6);
    let begin = async |db: &mut Database| {
        generations::begin(db, conversation, input, &config.model_name, history_bytes).await
    };
    match begin(db).await? {
        BeginOutcome::Lost(lost) => {
            // It is running here, although its heartbeats do not reach the database.
            if owner.running().find(caller.user_id(), lost).await.is_some() {
                return Ok(BeginOutcome::Busy);
            }
            generations::abandon(db, lost).await?;
        }
        // The statement may have waited for an equal one. Only a new statement sees the reply of that one.
        BeginOutcome::Stale => {}
        BeginOutcome::Raced => *db = caller.database(host).await?,
        outcome => return Ok(outcome),
    }
    Ok(begin(db).await?)
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
    let job = writer::Job {
        reply: reply.clone(),
        message: input.reply_id,
        before,
        source: upstream::stream(host.clone(), prompt),
    };
    host.wait_until(writer::write(host.clone(), owner.clone(), job));
    // After the writer has sent the request to the model, because a write of the owner would delay that request.
    let beginning = (host.clone(), owner.clone(), reply.clone());
    host.wait_until(async move {
        let (host, owner, reply) = beginning;
        owner.on_begin(&host, &reply);
    });
    wire::follow(host, reply, 0)
}

/// `GET /api/generations/{id}/events`: follows a reply from `Last-Event-ID` on, on any device.
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
            owner.flush_endings(host).await;
            if let Some(end) = owner.stored_ending(host, caller.user_id(), id) {
                return Ok(wire::ended(u64::from(seen).saturating_add(1), &end));
            }
            follow(caller.database(host).await?, host, owner, &caller, id, seen).await
        }
    }
}

/// `POST /api/generations/{id}/stop`: stops a reply at the seen text. Stopping an ended reply is not an error.
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
            match select(pin!(reply.ended()), pin!(host.sleep(STOP_TIMEOUT_MS))).await {
                Either::Left((Some(end), _)) => end,
                _ => return Err(Error::unavailable("the end of the reply is not stored yet")),
            }
        }
        None => {
            owner.flush_endings(host).await;
            match owner.stored_ending(host, user, id) {
                Some(end) => end,
                None => {
                    let mut reply = RemoteReply {
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

/// Follows a reply that another process may write.
async fn follow(
    db: Database,
    host: &impl Host,
    owner: &impl Owner,
    caller: &Caller,
    id: Uuid,
    seen: u32,
) -> Result<Response, Error> {
    // It may have begun in this process during the query.
    let begun: Option<Rc<RunningReply>> = owner.running().find(caller.user_id(), id).await;
    match begun {
        Some(reply) => Ok(wire::follow(host, reply, seen as usize)),
        None => RemoteReply { db, id }.follow(host, seen).await,
    }
}
