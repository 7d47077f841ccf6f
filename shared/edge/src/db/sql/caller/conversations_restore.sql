-- $4 conversation, $5 limit of conversations. Returns false if the limit is reached.
room as materialized (
    select c.id, c.deleted_at is null or room_for_conversation($1, $5::bigint) as is_left
    from conversations c
    where c.user_id = $1 and c.id = $4
),
restored as (
    update conversations c set deleted_at = null
    from room r
    where c.user_id = $1 and c.id = r.id and r.is_left
),
conversations_restore as (
    select r.is_left from room r limit 1
)
