-- $4 persona, $5 limit of personas.
-- Returns to persona.sql the restored persona, or nulls if the limit is reached. No row if the persona does not exist.
room as materialized (
    select p.id, p.deleted_at is null or room_for_persona($1, $5::bigint) as is_left
    from personas p
    where p.owner_id = $1 and p.id = $4
),
restored as (
    update personas p set deleted_at = null
    from room r
    where p.owner_id = $1 and p.id = r.id and r.is_left
    returning p.id, p.version_no, p.tagline, p.avatar_id, p.created_at, p.updated_at
),
shown as (
    select s.id, s.version_no, s.tagline, s.avatar_id, s.created_at, s.updated_at, v.card
    from room r
    left join restored s on s.id = r.id
    left join persona_versions v on v.persona_id = s.id and v.version_no = s.version_no
)
