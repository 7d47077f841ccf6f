-- $4 persona, $5 expected revision or null, $6 name, $7 tagline, $8 tags, $9 avatar or null, $10 card.
-- Returns to persona.sql the saved persona, or nulls if a newer revision is stored. No row if the persona does not exist.
current as (
    select p.id, p.version_no, p.avatar_id
    from personas p
    where p.owner_id = $1 and p.id = $4 and p.deleted_at is null
    for update
),
saved as (
    update personas p
    set name = $6, tagline = $7, tags = $8, avatar_id = $9, version_no = c.version_no + 1, updated_at = now()
    from current c
    where p.id = c.id and p.owner_id = $1 and ($5::integer is null or c.version_no = $5::integer)
    returning p.id, p.version_no, p.tagline, p.avatar_id, p.created_at, p.updated_at
),
version as (
    insert into persona_versions (persona_id, version_no, card)
    select s.id, s.version_no, $10::text::json from saved s
    returning persona_id, card
),
replaced as (
    update files f set maybe_unused_since = now()
    from current c
    join saved s on s.id = c.id
    where f.user_id = $1 and f.id = c.avatar_id and s.avatar_id is distinct from c.avatar_id
),
shown as (
    select s.id, s.version_no, s.tagline, s.avatar_id, s.created_at, s.updated_at, v.card
    from current c
    left join saved s on s.id = c.id
    left join version v on v.persona_id = c.id
)
