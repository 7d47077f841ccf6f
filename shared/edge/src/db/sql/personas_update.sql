-- $1 user, $2 persona, $3 expected revision or null, $4 name, $5 tagline, $6 tags, $7 avatar or null, $8 card.
-- Answers the new revision; null where a newer one is stored; no row where there is no such persona.
with current as (
    select id, version_no from personas
    where owner_id = $1 and id = $2 and deleted_at is null
    for update
), saved as (
    update personas p
    set name = $4, tagline = $5, tags = $6, avatar_id = $7, version_no = c.version_no + 1, updated_at = now()
    from current c
    where p.id = c.id and p.owner_id = $1 and ($3::integer is null or c.version_no = $3::integer)
    returning p.id, p.version_no
), version as (
    insert into persona_versions (persona_id, version_no, card)
    select id, version_no, $8::text::jsonb from saved
    returning persona_id, version_no
)
select v.version_no
from current c
left join version v on v.persona_id = c.id
limit 1
