-- $4 bytes, $5 limit of bytes of all files, $6 limit of uploads within 24 hours. Returns what files_insert.sql would.
files_room as (
    select r.is_full, to_json(r.resets_at)#>>'{}' as resets_at,
        ceil(extract(epoch from r.resets_at - now()))::integer as after_s
    from room_for_file($1, $4::bigint, $5::bigint, $6::bigint) r
    limit 1
)
