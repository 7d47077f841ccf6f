-- $1 user, $2 Clerk id, $3 id, $4 name, $5 tagline, $6 tags, $7 avatar or null, $8 card.
-- The person's row may not be there yet (a session can be older than its callback).
-- A repeated POST finds its own row and changes nothing; another person's id is refused by the primary key's owner.
with person as (
    insert into users (id, clerk_id) values ($1, $2) on conflict do nothing
), persona as (
    insert into personas (id, owner_id, name, tagline, tags, avatar_id)
    values ($3, $1, $4, $5, $6, $7)
    on conflict (id) do nothing
    returning id
)
insert into persona_versions (persona_id, version_no, card)
select id, 1, $8::text::json from persona
