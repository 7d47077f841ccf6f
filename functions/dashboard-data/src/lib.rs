//! `dashboard-data`: what the first page shows. Only reads.

use edge::{
    Caller, Error, Host, Request, Response, authenticate,
    db::{
        dashboard::{self, Cursor},
        users,
    },
    json_text,
    request::{query, query_id, segments},
};
use http::{Method, StatusCode};

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod workers;

/// Personas on a page: more than most people make.
const PERSONAS_PAGE: i64 = api::limits::PERSONAS_PAGE as i64;
/// Conversations on a page: a few screens.
const CONVERSATIONS_PAGE: i64 = api::limits::CONVERSATIONS_PAGE as i64;

/// Every route of this function.
///
/// # Errors
/// As each route says.
pub async fn route(request: Request, host: &impl Host) -> Result<Response, Error> {
    let path = request.uri().path().to_owned();
    match (request.method(), segments(&path).as_slice()) {
        (&Method::GET, ["api", "me"]) => me(&request, host).await,
        (&Method::GET, ["api", "dashboard"]) => home(&request, host).await,
        (&Method::GET, ["api", "dashboard", "personas"]) => personas(&request, host).await,
        (&Method::GET, ["api", "dashboard", "conversations"]) => conversations(&request, host).await,
        (_, ["api", "me"] | ["api", "dashboard"] | ["api", "dashboard", "personas" | "conversations"]) => {
            Err(Error::MethodNotAllowed("GET"))
        }
        _ => Err(Error::NotFound("page")),
    }
}

/// `GET /api/me`: who is signed in.
async fn me(request: &Request, host: &impl Host) -> Result<Response, Error> {
    let caller = authenticate(request, host).await?;
    let me = users::me(&caller.database(host).await?, caller.user_id()).await?;
    Ok(json_text(StatusCode::OK, me))
}

/// `GET /api/dashboard`: all that the first page shows, in one answer.
///
/// The three statements travel together on one connection: one round trip.
async fn home(request: &Request, host: &impl Host) -> Result<Response, Error> {
    let caller = authenticate(request, host).await?;
    let db = caller.database(host).await?;
    let user = caller.user_id();
    let (me, personas, conversations) = futures_util::try_join!(
        users::me(&db, user),
        dashboard::personas(&db, user, None, PERSONAS_PAGE),
        dashboard::conversations(&db, user, None, CONVERSATIONS_PAGE, None),
    )?;
    let body = format!(r#"{{"me":{me},"personas":{personas},"conversations":{conversations}}}"#);
    Ok(json_text(StatusCode::OK, body))
}

fn after(request: &Request) -> Result<Option<Cursor>, Error> {
    query(request, "after")
        .map(|text| Cursor::parse(&text))
        .transpose()
}

/// `GET /api/dashboard/personas?after=`: the next page of personas.
async fn personas(request: &Request, host: &impl Host) -> Result<Response, Error> {
    let caller: Caller = authenticate(request, host).await?;
    let after = after(request)?;
    let page = dashboard::personas(
        &caller.database(host).await?,
        caller.user_id(),
        after.as_ref(),
        PERSONAS_PAGE,
    )
    .await?;
    Ok(json_text(StatusCode::OK, page))
}

/// `GET /api/dashboard/conversations?after=&persona_id=`: the next page of conversations.
async fn conversations(request: &Request, host: &impl Host) -> Result<Response, Error> {
    let caller = authenticate(request, host).await?;
    let (after, persona) = (after(request)?, query_id(request, "persona_id")?);
    let db = caller.database(host).await?;
    let page =
        dashboard::conversations(&db, caller.user_id(), after.as_ref(), CONVERSATIONS_PAGE, persona).await?;
    Ok(json_text(StatusCode::OK, page))
}
