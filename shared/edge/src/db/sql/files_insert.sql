-- $1 user, $2 Clerk id, $3 id, $4 mime, $5 bytes, $6 width, $7 height.
with person as (
    insert into users (id, clerk_id) values ($1, $2) on conflict do nothing
)
insert into files (id, user_id, mime, bytes, width, height)
values ($3, $1, $4, $5, $6, $7)
