-- $4 conversation. Returns a row if it is the caller's.
conversations_owned as (
    select c.id
    from conversations c
    where c.user_id = $1 and c.id = $4 and c.deleted_at is null
    limit 1
)
