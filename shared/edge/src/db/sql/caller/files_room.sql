-- $4 bytes, $5 most bytes of all files, $6 most uploads within 24 hours. The answer of files_insert.sql, beforehand.
files_room as (
    select r.is_full, to_json(r.resets_at)#>>'{}' as resets_at,
        ceil(extract(epoch from r.resets_at - now()))::integer as after_s
    from room_for_file((select id from caller), $4::bigint, $5::bigint, $6::bigint) r
    limit 1
)
