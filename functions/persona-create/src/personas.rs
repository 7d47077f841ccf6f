//! Personas: create, read, edit, delete, restore.

use api::{
    FieldError, PersonaInput,
    limits::{PERSONA_JSON_BYTES_MAX, PERSONAS_MAX},
};
use edge::{
    Database, Error, Files, Host, OnConstraint, Request, Response, authenticate,
    db::personas::{self, Created, Restored, Update},
    ids, json_text, no_content,
    request::read_json_within,
};
use http::StatusCode;
use uuid::Uuid;

use crate::draft;

/// `POST /api/personas`: creates a persona. Idempotent by `id`. Another user's id is not found.
pub async fn create(request: Request, host: &impl Files) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let input = read_json_within::<PersonaInput>(request, PERSONA_JSON_BYTES_MAX).await?;
    let id = match input.id {
        Some(id) => id,
        None => ids::time_ordered(host)?,
    };
    let draft = draft::accept(input)?;
    let mut db = caller.database(host).await?;
    let created = personas::insert(&mut db, id, &draft)
        .await
        .on_constraint(personas::AVATAR_IS_OWN, unknown_avatar())?;
    match created {
        Created::Stored(persona) => Ok(json_text(StatusCode::CREATED, persona)),
        // An earlier attempt of this request stored it, or the id is another user's, which reads as absent.
        Created::Taken => stored(&mut db, id, StatusCode::CREATED).await,
        Created::Full => Err(limit_reached()),
    }
}

/// `GET /api/personas/{id}`: one persona with its card.
pub async fn read(request: Request, host: &impl Host, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    stored(&mut caller.database(host).await?, id, StatusCode::OK).await
}

/// `PUT /api/personas/{id}`: stores a new version of a persona.
pub async fn update(request: Request, host: &impl Host, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let input = read_json_within::<PersonaInput>(request, PERSONA_JSON_BYTES_MAX).await?;
    let draft = draft::accept(input)?;
    let mut db = caller.database(host).await?;
    let update = personas::update(&mut db, id, &draft)
        .await
        .on_constraint(personas::AVATAR_IS_OWN, unknown_avatar())?;
    match update {
        Update::Saved(persona) => Ok(json_text(StatusCode::OK, persona)),
        Update::Stale => Err(Error::Stale(
            "This persona was saved elsewhere since you opened it.",
        )),
        Update::Missing => Err(Error::NotFound("persona")),
    }
}

/// `DELETE /api/personas/{id}`: deletes a persona. Its conversations stay readable.
pub async fn delete(request: Request, host: &impl Host, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    let found = personas::delete(&mut caller.database(host).await?, id).await?;
    if found {
        Ok(no_content())
    } else {
        Err(Error::NotFound("persona"))
    }
}

/// `POST /api/personas/{id}/restore`: restores a deleted persona.
pub async fn restore(request: Request, host: &impl Host, id: Uuid) -> Result<Response, Error> {
    let caller = authenticate(&request, host).await?;
    match personas::restore(&mut caller.database(host).await?, id).await? {
        Restored::Done(persona) => Ok(json_text(StatusCode::OK, persona)),
        Restored::Missing => Err(Error::NotFound("persona")),
        Restored::Full => Err(limit_reached()),
    }
}

async fn stored(db: &mut Database, id: Uuid, status: StatusCode) -> Result<Response, Error> {
    let persona = personas::get(db, id).await?;
    Ok(json_text(status, persona.ok_or(Error::NotFound("persona"))?))
}

fn limit_reached() -> Error {
    Error::LimitReached(format!(
        "You have reached the limit of {PERSONAS_MAX} personas. Delete one to create another."
    ))
}

fn unknown_avatar() -> Error {
    Error::Invalid(vec![FieldError::new(
        "avatar_id",
        "unknown",
        "This picture no longer exists. Upload it again.",
    )])
}
