//! `persona-talk`: conversations and the replies written in them.
//!
//! A reply has one owner: the machine that reads it from the model, keeps its events and writes it down. Where
//! a runtime has many machines, its entry asks [`place`] which requests belong to an owner and sends them there;
//! [`route`] answers the same wherever it runs.

mod conversations;
mod generations;
mod live;
mod problem;
mod upstream;
mod wire;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod workers;
mod writer;

pub use live::Live;

use edge::{
    Error, Host, Request, Response, authenticate,
    db::generations as stored,
    request::{id, segments},
};
use http::Method;
use uuid::Uuid;

/// Where a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Anywhere.
    Here,
    /// By the owner of this conversation's replies.
    Owner(Uuid),
}

/// Finds the owner that a request belongs to. Only a signed-in caller gets as far as an owner; for a reply that is
/// known already (`events`, `stop`) the caller's session is judged here, with the statement that finds the owner.
///
/// # Errors
/// 401, and 404 for a reply that is not the caller's.
pub async fn place(request: &Request, host: &impl Host) -> Result<Place, Error> {
    match segments(request.uri().path()).as_slice() {
        ["api", "conversations", conversation, "generations"] => {
            authenticate(request, host).await?;
            Ok(Place::Owner(id(conversation, "conversation")?))
        }
        ["api", "generations", generation, "events" | "stop"] => {
            let caller = authenticate(request, host).await?;
            let generation = id(generation, "reply")?;
            let found = stored::find(&mut caller.database(host).await?, generation).await?;
            Ok(Place::Owner(found.ok_or(Error::NotFound("reply"))?.conversation))
        }
        _ => Ok(Place::Here),
    }
}

/// Every route of this function.
///
/// # Errors
/// As each route says.
pub async fn route(request: Request, host: &impl Host, live: &Live) -> Result<Response, Error> {
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
            generations::begin(request, host, live, conversation(one)?).await
        }
        (&Method::GET, ["api", "generations", one, "events"]) => {
            generations::events(request, host, live, id(one, "reply")?).await
        }
        (&Method::POST, ["api", "generations", one, "stop"]) => {
            generations::stop(request, host, live, id(one, "reply")?).await
        }
        (_, ["api", "conversations"])
        | (_, ["api", "conversations", _, "restore" | "generations"])
        | (_, ["api", "generations", _, "stop"]) => Err(Error::MethodNotAllowed("POST")),
        (_, ["api", "conversations", _]) => Err(Error::MethodNotAllowed("GET, DELETE")),
        (_, ["api", "generations", _, "events"]) => Err(Error::MethodNotAllowed("GET")),
        _ => Err(Error::NotFound("page")),
    }
}
