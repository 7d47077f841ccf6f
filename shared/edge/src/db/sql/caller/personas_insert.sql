-- $4 id, $5 name, $6 tagline, $7 tags, $8 avatar or null, $9 card, $10 limit of personas.
-- Returns to persona.sql the new persona, or nulls if the limit is reached. No row if the id is taken (by an earlier
-- attempt of the same request or by another user). Inserts the user's row if it is missing: a session can exist before
-- the callback has inserted the row.
person as (
    insert into users (id, clerk_id) values ($1, $3)
    on conflict do nothing
),
room as materialized (
    select room_for_persona($1, $10::bigint) as is_left
    where not exists (select from personas p where p.owner_id = $1 and p.id = $4)
),
saved as (
    insert into personas (id, owner_id, name, tagline, tags, avatar_id)
    select $4::uuid, $1, $5::text, $6::text, $7::text[], $8::uuid
    from room r
    where r.is_left
    on conflict (id) do nothing
    returning id, version_no, tagline, avatar_id, created_at, updated_at
),
version as (
    insert into persona_versions (persona_id, version_no, card)
    select s.id, s.version_no, $9::text::json from saved s
    returning persona_id, card
),
shown as (
    select s.id, s.version_no, s.tagline, s.avatar_id, s.created_at, s.updated_at, v.card
    from room r
    left join saved s on true
    left join version v on v.persona_id = s.id
    where s.id is not null or not r.is_left
)
