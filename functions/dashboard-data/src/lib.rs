//! `dashboard-data`: the data of the first page. Read-only.

use edge::{
    Error, Host, Request, Response, authenticate,
    db::{
        dashboard::{self, Cursor, Home},
        users,
    },
    json_text,
    request::{query, query_id, segments},
};
use http::{Method, StatusCode};

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod workers;

/// Every route of this function.
///
/// # Errors
/// Those of the handlers; 404 and 405 for other paths and methods.
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

/// `GET /api/me`: the signed-in user.
async fn me(request: &Request, host: &impl Host) -> Result<Response, Error> {
    let caller = authenticate(request, host).await?;
    let me = users::me(&mut caller.database(host).await?).await?;
    Ok(json_text(StatusCode::OK, me))
}

/// `GET /api/dashboard`: the data of the first page.
async fn home(request: &Request, host: &impl Host) -> Result<Response, Error> {
    let caller = authenticate(request, host).await?;
    let mut db = caller.database(host).await?;
    let Home {
        me,
        personas,
        conversations,
    } = dashboard::home(&mut db).await?;
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
    let caller = authenticate(request, host).await?;
    let after = after(request)?;
    let mut db = caller.database(host).await?;
    let page = dashboard::personas(&mut db, after.as_ref()).await?;
    Ok(json_text(StatusCode::OK, page))
}

/// `GET /api/dashboard/conversations?after=&persona_id=`: the next page of conversations.
async fn conversations(request: &Request, host: &impl Host) -> Result<Response, Error> {
    let caller = authenticate(request, host).await?;
    let (after, persona) = (after(request)?, query_id(request, "persona_id")?);
    let mut db = caller.database(host).await?;
    let page = dashboard::conversations(&mut db, after.as_ref(), persona).await?;
    Ok(json_text(StatusCode::OK, page))
}
