//! Personas and their immutable versions.

use api::{PersonaDraft, limits::PERSONAS_MAX};
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{Database, DatabaseError, files, statements};

/// Violated where a persona's avatar is no file of its owner.
pub const AVATAR_IS_OWN: &str = "personas_avatar_is_own";

/// What became of a persona about to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// The new persona as JSON of [`api::Persona`].
    Stored(String),
    /// The id is taken, by an earlier try or by another person.
    Taken,
    /// The person has [`PERSONAS_MAX`].
    Full,
}

/// Gives the person a new persona and answers it.
///
/// # Errors
/// [`AVATAR_IS_OWN`], and those of the database.
pub async fn insert(db: &mut Database, id: Uuid, draft: &PersonaDraft) -> Result<Created, DatabaseError> {
    files::keep_named(db, &draft.card).await?;
    let persona = db
        .text(
            statements::PERSONAS_INSERT,
            &[
                (&id, Type::UUID),
                (&draft.name, Type::TEXT),
                (&draft.tagline, Type::TEXT),
                (&draft.tags, Type::TEXT_ARRAY),
                (&draft.avatar_id, Type::UUID),
                (&draft.card, Type::TEXT),
                (&i64::from(PERSONAS_MAX), Type::INT8),
            ],
        )
        .await?;
    Ok(match persona {
        Some(Some(persona)) => Created::Stored(persona),
        Some(None) => Created::Full,
        None => Created::Taken,
    })
}

/// One persona of the person as JSON of [`api::Persona`].
///
/// # Errors
/// Those of the database.
pub async fn get(db: &mut Database, id: Uuid) -> Result<Option<String>, DatabaseError> {
    let persona = db.text(statements::PERSONAS_GET, &[(&id, Type::UUID)]).await?;
    Ok(persona.flatten())
}

/// How an edit went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Update {
    /// The new version is stored: the persona as JSON of [`api::Persona`].
    Saved(String),
    /// A newer revision than the edited one is stored.
    Stale,
    /// There is none of that id.
    Missing,
}

/// Adds a version.
///
/// # Errors
/// [`AVATAR_IS_OWN`], and those of the database.
pub async fn update(db: &mut Database, id: Uuid, draft: &PersonaDraft) -> Result<Update, DatabaseError> {
    files::keep_named(db, &draft.card).await?;
    let persona = db
        .text(
            statements::PERSONAS_UPDATE,
            &[
                (&id, Type::UUID),
                (&draft.revision, Type::INT4),
                (&draft.name, Type::TEXT),
                (&draft.tagline, Type::TEXT),
                (&draft.tags, Type::TEXT_ARRAY),
                (&draft.avatar_id, Type::UUID),
                (&draft.card, Type::TEXT),
            ],
        )
        .await?;
    Ok(match persona {
        Some(Some(persona)) => Update::Saved(persona),
        Some(None) => Update::Stale,
        None => Update::Missing,
    })
}

/// Hides a persona; whether there was one.
///
/// # Errors
/// Those of the database.
pub async fn delete(db: &mut Database, id: Uuid) -> Result<bool, DatabaseError> {
    db.is_found(statements::PERSONAS_DELETE, &[(&id, Type::UUID)])
        .await
}

/// How undoing a delete went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restored {
    /// The persona as JSON of [`api::Persona`].
    Done(String),
    /// There is none of that id.
    Missing,
    /// The person has [`PERSONAS_MAX`] others.
    Full,
}

/// Undoes [`delete`] and answers the persona.
///
/// # Errors
/// Those of the database.
pub async fn restore(db: &mut Database, id: Uuid) -> Result<Restored, DatabaseError> {
    let persona = db
        .text(
            statements::PERSONAS_RESTORE,
            &[(&id, Type::UUID), (&i64::from(PERSONAS_MAX), Type::INT8)],
        )
        .await?;
    Ok(match persona {
        Some(Some(persona)) => Restored::Done(persona),
        Some(None) => Restored::Full,
        None => Restored::Missing,
    })
}
