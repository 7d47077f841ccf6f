-- $4 id, $5 mime, $6 bytes, $7 width, $8 height, $9 limit of bytes of all files, $10 limit of uploads within 24 hours.
-- Returns whether the limit of bytes is reached, and when the next upload is allowed if that of uploads is.
person as (
    insert into users (id, clerk_id) values ($1, $3)
    on conflict do nothing
),
room as materialized (
    select r.is_full, r.resets_at
    from room_for_file($1, $6::bigint, $9::bigint, $10::bigint) r
),
saved as (
    insert into files (id, user_id, mime, bytes, width, height)
    select $4::uuid, $1, $5::text, $6::bigint::integer, $7::integer, $8::integer
    from room r
    where not r.is_full and r.resets_at is null
),
files_insert as (
    select r.is_full, to_json(r.resets_at)#>>'{}' as resets_at,
        ceil(extract(epoch from r.resets_at - now()))::integer as after_s
    from room r
    limit 1
)
