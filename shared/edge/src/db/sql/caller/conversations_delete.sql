-- $4 conversation. Idempotent. conversations_restore.sql restores it.
conversations_delete as (
    update conversations c set deleted_at = coalesce(c.deleted_at, now())
    where c.user_id = $1 and c.id = $4
    returning c.id
)
