//! Personas and their immutable versions.

use api::{PersonaDraft, PersonaInput};
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{Database, DatabaseError, column};
use crate::UserId;

/// Violated where a persona's avatar is no file of its owner.
pub const AVATAR_IS_OWN: &str = "personas_avatar_is_own";

/// The `data` of a character card V3, as it is stored.
fn card(fields: &PersonaInput) -> String {
    serde_json::json!({
        "name": fields.name,
        "description": fields.description,
        "personality": fields.personality,
        "scenario": fields.scenario,
        "first_mes": fields.greeting,
        "mes_example": fields.example_dialogue,
        "system_prompt": fields.system_prompt,
        "post_history_instructions": fields.post_history_instructions,
        "tags": fields.tags,
        "creator_notes": "",
        "creator": "",
        "character_version": "",
        "alternate_greetings": [],
        "group_only_greetings": [],
        "extensions": {},
    })
    .to_string()
}

/// Gives the person a new persona. Doing it twice with one id is doing it once.
///
/// # Errors
/// [`AVATAR_IS_OWN`], and those of the database.
pub async fn insert(
    db: &Database,
    user: &UserId,
    id: Uuid,
    draft: &PersonaDraft,
) -> Result<(), DatabaseError> {
    let fields = draft.fields();
    db.execute(
        include_str!("sql/personas_insert.sql"),
        &[
            (&user.key(), Type::UUID),
            (&user.clerk_id(), Type::TEXT),
            (&id, Type::UUID),
            (&fields.name, Type::TEXT),
            (&fields.tagline, Type::TEXT),
            (&fields.tags, Type::TEXT_ARRAY),
            (&fields.avatar_id, Type::UUID),
            (&card(fields), Type::TEXT),
        ],
    )
    .await?;
    Ok(())
}

/// One persona of the person as JSON of [`api::Persona`].
///
/// # Errors
/// Those of the database.
pub async fn get(db: &Database, user: &UserId, id: Uuid) -> Result<Option<String>, DatabaseError> {
    db.text(
        include_str!("sql/personas_get.sql"),
        &[(&user.key(), Type::UUID), (&id, Type::UUID)],
    )
    .await
}

/// How an edit went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// A new version stands.
    Saved,
    /// A newer one than the edited stands already.
    Stale,
    /// There is none of that id.
    Missing,
}

/// Adds a version.
///
/// # Errors
/// [`AVATAR_IS_OWN`], and those of the database.
pub async fn update(
    db: &Database,
    user: &UserId,
    id: Uuid,
    draft: &PersonaDraft,
) -> Result<Update, DatabaseError> {
    let fields = draft.fields();
    let row = db
        .changed_row(
            include_str!("sql/personas_update.sql"),
            &[
                (&user.key(), Type::UUID),
                (&id, Type::UUID),
                (&fields.revision, Type::INT4),
                (&fields.name, Type::TEXT),
                (&fields.tagline, Type::TEXT),
                (&fields.tags, Type::TEXT_ARRAY),
                (&fields.avatar_id, Type::UUID),
                (&card(fields), Type::TEXT),
            ],
        )
        .await?;
    Ok(match row {
        None => Update::Missing,
        Some(row) => match column::<Option<i32>>(&row, 0)? {
            None => Update::Stale,
            Some(_) => Update::Saved,
        },
    })
}

/// Hides a persona; whether there was one.
///
/// # Errors
/// Those of the database.
pub async fn delete(db: &Database, user: &UserId, id: Uuid) -> Result<bool, DatabaseError> {
    let touched = db
        .execute(
            include_str!("sql/personas_delete.sql"),
            &[(&user.key(), Type::UUID), (&id, Type::UUID)],
        )
        .await?;
    Ok(touched > 0)
}

/// Undoes [`delete`]; whether there was one.
///
/// # Errors
/// Those of the database.
pub async fn restore(db: &Database, user: &UserId, id: Uuid) -> Result<bool, DatabaseError> {
    let touched = db
        .execute(
            include_str!("sql/personas_restore.sql"),
            &[(&user.key(), Type::UUID), (&id, Type::UUID)],
        )
        .await?;
    Ok(touched > 0)
}
