//! Conversations: open, read, delete, restore.

use api::{
    ConversationInput,
    limits::{CONVERSATIONS_MAX, REPLY_BYTES_MAX},
};
use edge::{
    Caller, Database, Error, Host, Request, Response, authenticate,
    db::conversations::{self, NewConversation, Opened, Restored},
    ids, json_text, no_content,
    request::{query_id, read_json},
};
use engine::{card::Card, macros::Seeds, prompt::greeting};
use http::StatusCode;
use uuid::Uuid;

use crate::{ownership_cache, upstream::user_name};

const MESSAGES_PAGE: i64 = api::limits::MESSAGES_PAGE as i64;

/// `POST /api/conversations`: opens a conversation with the persona's greeting. Idempotent by `id`.
pub async fn open(request: Request, host: &impl Host) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let input = read_json::<ConversationInput>(request).await?;
    let mut db = caller.database(host).await?;
    let opening = conversations::opening(&mut db, input.persona_id)
        .await?
        .ok_or(Error::NotFound("persona"))?;
    let card =
        Card::stored(&opening.card).ok_or_else(|| Error::internal("a stored card is not a JSON object"))?;
    let seeds = Seeds::from_text(&input.id.to_string());
    let new = NewConversation {
        id: input.id,
        persona: input.persona_id,
        greeting_id: ids::time_ordered(host)?,
        greeting: greeting(&card, user_name(&opening.user_name), seeds, REPLY_BYTES_MAX),
        persona_version: opening.persona_version,
    };
    match conversations::insert(&mut db, &new).await? {
        Opened::Stored(conversation) => {
            ownership_cache::insert_conversation(caller.user_id(), input.id);
            Ok(json_text(StatusCode::CREATED, conversation))
        }
        // An earlier attempt of this request opened it, or the id is another user's, which reads as absent.
        Opened::Taken => stored(&mut db, &caller, input.id, None, StatusCode::CREATED).await,
        Opened::Full => Err(limit_reached()),
    }
}

/// `GET /api/conversations/{id}?before=`: a conversation with its newest messages, or those before `before`.
pub async fn read(request: Request, host: &impl Host, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let before = query_id(&request, "before")?;
    stored(
        &mut caller.database(host).await?,
        &caller,
        id,
        before,
        StatusCode::OK,
    )
    .await
}

/// `DELETE /api/conversations/{id}`: deletes a conversation.
pub async fn delete(request: Request, host: &impl Host, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let found = conversations::delete(&mut caller.database(host).await?, id).await?;
    if found {
        Ok(no_content())
    } else {
        Err(Error::NotFound("conversation"))
    }
}

/// `POST /api/conversations/{id}/restore`: restores a deleted conversation.
pub async fn restore(request: Request, host: &impl Host, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    match conversations::restore(&mut caller.database(host).await?, id).await? {
        Restored::Done => Ok(no_content()),
        Restored::Missing => Err(Error::NotFound("conversation")),
        Restored::Full => Err(limit_reached()),
    }
}

fn limit_reached() -> Error {
    Error::LimitReached(format!(
        "You have reached the limit of {CONVERSATIONS_MAX} conversations. Delete one to open another."
    ))
}

async fn stored(
    db: &mut Database,
    caller: &Caller,
    id: Uuid,
    before: Option<Uuid>,
    status: StatusCode,
) -> Result<Response, Error> {
    let text = conversations::get(db, id, before, MESSAGES_PAGE).await?;
    let text = text.ok_or(Error::NotFound("conversation"))?;
    ownership_cache::insert_conversation(caller.user_id(), id);
    Ok(json_text(status, text))
}
