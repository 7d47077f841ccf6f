-- $1 user, $2 conversation. Undone by conversations_restore.sql; deleting twice is deleting once.
update conversations set deleted_at = coalesce(deleted_at, now())
where user_id = $1 and id = $2
