-- $4 persona. Read by persona.sql.
shown as (
    select p.id, p.version_no, p.tagline, p.avatar_id, p.created_at, p.updated_at, v.card
    from personas p
    join persona_versions v on v.persona_id = p.id and v.version_no = p.version_no
    where p.owner_id = $1 and p.id = $4 and p.deleted_at is null
)
