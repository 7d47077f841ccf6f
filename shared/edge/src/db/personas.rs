//! Personas and their immutable versions.

use api::{PersonaDraft, limits::PERSONAS_MAX};
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{Database, DatabaseError, files, statements};

/// The constraint that a persona's avatar is a file of its owner.
pub const AVATAR_IS_OWN: &str = "personas_avatar_is_own";

/// The outcome of [`insert`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// The new persona as JSON of [`api::Persona`].
    Stored(String),
    /// The id is taken by an earlier attempt or by another user.
    Taken,
    /// The user has [`PERSONAS_MAX`] personas.
    Full,
}

/// Stores a new persona.
///
/// # Errors
/// [`AVATAR_IS_OWN`], and those of the database.
pub async fn insert(db: &mut Database, id: Uuid, draft: &PersonaDraft) -> Result<Created, DatabaseError> {
    files::keep_files_in(db, &draft.card).await?;
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

/// One persona of the user as JSON of [`api::Persona`].
///
/// # Errors
/// Those of the database.
pub async fn get(db: &mut Database, id: Uuid) -> Result<Option<String>, DatabaseError> {
    let persona = db.text(statements::PERSONAS_GET, &[(&id, Type::UUID)]).await?;
    Ok(persona.flatten())
}

/// The outcome of [`update`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Update {
    /// The new version is stored: the persona as JSON of [`api::Persona`].
    Saved(String),
    /// A newer revision than the edited one is stored.
    Stale,
    /// There is no such persona.
    Missing,
}

/// Stores a new version of a persona.
///
/// # Errors
/// [`AVATAR_IS_OWN`], and those of the database.
pub async fn update(db: &mut Database, id: Uuid, draft: &PersonaDraft) -> Result<Update, DatabaseError> {
    files::keep_files_in(db, &draft.card).await?;
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

/// Marks a persona as deleted. False if there is no such persona.
///
/// # Errors
/// Those of the database.
pub async fn delete(db: &mut Database, id: Uuid) -> Result<bool, DatabaseError> {
    db.is_found(statements::PERSONAS_DELETE, &[(&id, Type::UUID)])
        .await
}

/// The outcome of [`restore`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restored {
    /// The persona as JSON of [`api::Persona`].
    Done(String),
    /// There is no such persona.
    Missing,
    /// The user has [`PERSONAS_MAX`] other personas.
    Full,
}

/// Undoes [`delete`].
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
