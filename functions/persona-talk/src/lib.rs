//! `persona-talk`: conversations and replies.
//!
//! A running reply has one [`Owner`]. If owners are objects of the runtime, the entry point forwards a request to the
//! owner of the conversation that [`owner_of`] returns. [`route`] is the same for all owners.

mod conversations;
mod generations;
mod limits;
mod owner;
mod ownership_cache;
mod problem;
mod remote;
mod running;
mod upstream;
mod wire;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod workers;
mod writer;

use std::pin::pin;

pub use owner::{ObjectOwner, ObjectStorage, Owner, PostgresOwner};

use edge::{
    Error, Host, Request, Response, authenticate,
    db::{conversations as stored_conversations, generations as stored_generations},
    request::{id, segments},
};
use futures_util::future::{Either, select};
use http::Method;
use limits::LOCATE_MS;
use uuid::Uuid;

/// The conversation whose owner must handle a request, or `None` if any process can.
///
/// Requests for another user's conversation fail here and do not reach its owner.
///
/// # Errors
/// 401, 404 for another user's conversation, and 503 if the database is unavailable.
pub async fn owner_of(request: &Request, host: &impl Host) -> Result<Option<Uuid>, Error> {
    match (request.method(), segments(request.uri().path()).as_slice()) {
        (&Method::POST, ["api", "conversations", conversation, "generations"]) => {
            let caller = authenticate(request, host).await?;
            let conversation = id(conversation, "conversation")?;
            if !ownership_cache::is_owned(caller.user_id(), conversation) {
                let mut db = caller.database(host).await?;
                if !stored_conversations::is_owned(&mut db, conversation).await? {
                    return Err(Error::NotFound("conversation"));
                }
                ownership_cache::insert_conversation(caller.user_id(), conversation);
            }
            Ok(Some(conversation))
        }
        (&Method::GET, ["api", "generations", generation, "events"])
        | (&Method::POST, ["api", "generations", generation, "stop"]) => {
            let caller = authenticate(request, host).await?;
            let generation = id(generation, "reply")?;
            let found = async {
                let mut db = caller.database(host).await?;
                stored_generations::find(&mut db, generation, u32::MAX).await
            };
            // The owner can follow and stop a running reply without the database.
            let found = match ownership_cache::conversation_of(caller.user_id(), generation) {
                None => found.await,
                Some(cached) => match select(pin!(found), pin!(host.sleep(LOCATE_MS))).await {
                    Either::Left((Err(error), _)) if error.is_unavailable() => return Ok(Some(cached)),
                    Either::Left((found, _)) => found,
                    Either::Right(_) => return Ok(Some(cached)),
                },
            };
            Ok(Some(found?.ok_or(Error::NotFound("reply"))?.conversation))
        }
        _ => Ok(None),
    }
}

/// Every route of this function.
///
/// # Errors
/// Those of the handlers; 404 and 405 for other paths and methods.
pub async fn route(request: Request, host: &impl Host, owner: &impl Owner) -> Result<Response, Error> {
    let path = request.uri().path().to_owned();
    let conversation = |text| id(text, "conversation");
    match (request.method(), segments(&path).as_slice()) {
        (&Method::POST, ["api", "conversations"]) => conversations::open(request, host).await,
        (&Method::GET, ["api", "conversations", one]) => {
            conversations::read(request, host, conversation(one)?).await
        }
        (&Method::DELETE, ["api", "conversations", one]) => {
            conversations::delete(request, host, conversation(one)?).await
        }
        (&Method::POST, ["api", "conversations", one, "restore"]) => {
            conversations::restore(request, host, conversation(one)?).await
        }
        (&Method::POST, ["api", "conversations", one, "generations"]) => {
            generations::begin(request, host, owner, conversation(one)?).await
        }
        (&Method::GET, ["api", "generations", one, "events"]) => {
            generations::events(request, host, owner, id(one, "reply")?).await
        }
        (&Method::POST, ["api", "generations", one, "stop"]) => {
            generations::stop(request, host, owner, id(one, "reply")?).await
        }
        (_, ["api", "conversations"])
        | (_, ["api", "conversations", _, "restore" | "generations"])
        | (_, ["api", "generations", _, "stop"]) => Err(Error::MethodNotAllowed("POST")),
        (_, ["api", "conversations", _]) => Err(Error::MethodNotAllowed("GET, DELETE")),
        (_, ["api", "generations", _, "events"]) => Err(Error::MethodNotAllowed("GET")),
        _ => Err(Error::NotFound("page")),
    }
}
