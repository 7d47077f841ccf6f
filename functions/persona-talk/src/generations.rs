//! Replies: begin, follow, stop.

use std::rc::Rc;

use api::{EndEvent, GenerationInput, GenerationKind, MessageStatus, StopInput};
use edge::{
    Caller, Database, Error, Host, OnConstraint, Request, Response, authenticate,
    db::generations::{self, Begun, ONE_RUNNING, Verdict},
    json,
    request::{header_text, read_json},
};
use http::StatusCode;
use uuid::Uuid;

use crate::{Live, live::Session, upstream, wire, writer};

/// `POST /api/conversations/{id}/generations`: a reply as `text/event-stream`. A repeated POST joins the same reply.
pub async fn begin(
    request: Request,
    host: &impl Host,
    live: &Live,
    conversation: Uuid,
) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let input = read_json::<GenerationInput>(request).await?;
    input.check()?;
    let mut db = caller.database(host).await?;
    if let Some(session) = live.find(caller.user_id(), input.id).await {
        // Judges the session; that the reply is there is known.
        generations::find(&mut db, input.id).await?;
        return Ok(wire::follow(host, session, 0));
    }
    let claim = live.claim(input.id, Rc::new(Session::new(caller.user_id().clone())));
    match judge(&mut db, host, live, conversation, &input).await? {
        Verdict::Begun(begun) => Ok(start(host, live, &caller, &input, &begun, claim.begin())),
        Verdict::Same => {
            drop(claim);
            rejoin(&mut db, host, live, &caller, input.id, 0).await
        }
        Verdict::Missing => Err(Error::NotFound("conversation")),
        Verdict::Gone => Err(Error::Gone(
            "This persona was deleted. The conversation can be read, not continued.",
        )),
        Verdict::Busy => Err(Error::Busy),
        Verdict::Stale => Err(Error::Stale("This conversation has moved on in another window.")),
        Verdict::Taken => Err(Error::Conflict(
            "This conversation has a message of this id already.",
        )),
        Verdict::Impossible => Err(Error::Conflict(
            "There is no reply here that this could be done with.",
        )),
    }
}

/// A running reply that nobody owns any more must not keep the conversation busy.
async fn judge(
    db: &mut Database,
    host: &impl Host,
    live: &Live,
    conversation: Uuid,
    input: &GenerationInput,
) -> Result<Verdict, Error> {
    let model = &host.config().model_name;
    let ask = async |db: &mut Database| {
        generations::begin(db, conversation, input, model)
            .await
            .on_constraint(ONE_RUNNING, Error::Busy)
    };
    match ask(db).await? {
        Verdict::Busy => {}
        // The statement may have waited for another one that stored this very reply, which only a new one sees.
        Verdict::Stale => return ask(db).await,
        verdict => return Ok(verdict),
    }
    match generations::running(db, conversation).await? {
        Some(running) if live.owns(running) => Ok(Verdict::Busy),
        Some(lost) => {
            generations::abandon(db, lost).await?;
            ask(db).await
        }
        None => ask(db).await,
    }
}

fn start(
    host: &impl Host,
    live: &Live,
    caller: &Caller,
    input: &GenerationInput,
    begun: &Begun,
    session: Rc<Session>,
) -> Response {
    let sent = input.message.as_ref().map(|message| message.content.as_str());
    let prompt = upstream::prompt(begun, input.kind, sent, host.config());
    let before = match (input.kind, begun.history.last()) {
        (GenerationKind::Continue, Some(turn)) => turn.content.clone(),
        _ => String::new(),
    };
    let job = writer::Job {
        user: caller.user_id().clone(),
        id: input.id,
        message: input.reply_id,
        before,
        source: upstream::ask(host.clone(), prompt),
    };
    host.wait_until(writer::write(host.clone(), live.clone(), session.clone(), job));
    wire::follow(host, session, 0)
}

/// `GET /api/generations/{id}/events`: the reply from where the reader left it (`Last-Event-ID`), on any device.
pub async fn events(request: Request, host: &impl Host, live: &Live, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let seen = wire::last_event_id(header_text(request.headers(), "last-event-id"))?;
    if let Some(session) = live.find(caller.user_id(), id).await {
        return Ok(wire::follow(host, session, seen));
    }
    rejoin(&mut caller.database(host).await?, host, live, &caller, id, seen).await
}

/// `POST /api/generations/{id}/stop`: stops the reply at what the reader had seen. Stopping an ended reply is no error.
pub async fn stop(request: Request, host: &impl Host, live: &Live, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let input = read_json::<StopInput>(request).await?;
    let end = match live.find(caller.user_id(), id).await {
        Some(session) => {
            session.request_stop(input.seen_chars);
            session.ended().await
        }
        None => ended(&mut caller.database(host).await?, id).await?,
    };
    json(StatusCode::OK, &end)
}

async fn rejoin(
    db: &mut Database,
    host: &impl Host,
    live: &Live,
    caller: &Caller,
    id: Uuid,
    seen: usize,
) -> Result<Response, Error> {
    // It may have begun here while the database was asked.
    if let Some(session) = live.find(caller.user_id(), id).await {
        return Ok(wire::follow(host, session, seen));
    }
    Ok(wire::over(&ended(db, id).await?))
}

/// How a reply that is not written here ended. One that was still running has lost its owner.
async fn ended(db: &mut Database, id: Uuid) -> Result<EndEvent, Error> {
    let stored = generations::find(db, id).await?.ok_or(Error::NotFound("reply"))?;
    let status = match stored.ended {
        Some(status) => status,
        None => {
            generations::abandon(db, id).await?;
            MessageStatus::Interrupted
        }
    };
    Ok(EndEvent {
        status,
        message_id: stored.message,
        content: stored.content,
    })
}
