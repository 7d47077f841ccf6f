//! Personas: create, read, edit, delete and its undo.

use api::{FieldError, PersonaInput};
use edge::{
    Database, Error, Files, Host, OnConstraint, Request, Response, UserId, authenticate,
    db::personas::{self, Update},
    ids, json_text, no_content,
    request::read_json,
};
use http::StatusCode;
use uuid::Uuid;

/// `POST /api/personas`: gives the caller a new persona. A repeated POST with the same id is the same POST.
pub async fn create(request: Request, host: &impl Files) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let input = read_json::<PersonaInput>(request).await?;
    let id = match input.id {
        Some(id) => id,
        None => ids::time_ordered(host)?,
    };
    let draft = input.accept()?;
    let db = caller.database(host).await?;
    personas::insert(&db, caller.user_id(), id, &draft)
        .await
        .on_constraint(personas::AVATAR_IS_OWN, unknown_avatar())?;
    // An id that another person has taken reads as absent.
    stored(
        &db,
        caller.user_id(),
        id,
        StatusCode::CREATED,
        Error::Conflict("This id is taken."),
    )
    .await
}

/// `GET /api/personas/{id}`: one persona, whole.
pub async fn read(request: Request, host: &impl Host, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    stored(
        &caller.database(host).await?,
        caller.user_id(),
        id,
        StatusCode::OK,
        Error::NotFound("persona"),
    )
    .await
}

/// `PUT /api/personas/{id}`: a new version of a persona.
pub async fn update(request: Request, host: &impl Host, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let draft = read_json::<PersonaInput>(request).await?.accept()?;
    let db = caller.database(host).await?;
    let update = personas::update(&db, caller.user_id(), id, &draft)
        .await
        .on_constraint(personas::AVATAR_IS_OWN, unknown_avatar())?;
    match update {
        Update::Saved => {
            stored(
                &db,
                caller.user_id(),
                id,
                StatusCode::OK,
                Error::NotFound("persona"),
            )
            .await
        }
        Update::Stale => Err(Error::Stale(
            "This persona was saved elsewhere since you opened it.",
        )),
        Update::Missing => Err(Error::NotFound("persona")),
    }
}

/// `DELETE /api/personas/{id}`: hides a persona; its conversations stay readable.
pub async fn delete(request: Request, host: &impl Host, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let found = personas::delete(&caller.database(host).await?, caller.user_id(), id).await?;
    if found {
        Ok(no_content())
    } else {
        Err(Error::NotFound("persona"))
    }
}

/// `POST /api/personas/{id}/restore`: undoes a delete.
pub async fn restore(request: Request, host: &impl Host, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let db = caller.database(host).await?;
    if !personas::restore(&db, caller.user_id(), id).await? {
        return Err(Error::NotFound("persona"));
    }
    stored(
        &db,
        caller.user_id(),
        id,
        StatusCode::OK,
        Error::NotFound("persona"),
    )
    .await
}

async fn stored(
    db: &Database,
    user: &UserId,
    id: Uuid,
    status: StatusCode,
    absent: Error,
) -> Result<Response, Error> {
    Ok(json_text(
        status,
        personas::get(db, user, id).await?.ok_or(absent)?,
    ))
}

fn unknown_avatar() -> Error {
    Error::Invalid(vec![FieldError::new(
        "avatar_id",
        "unknown",
        "This picture is not there any more. Upload it again.",
    )])
}
