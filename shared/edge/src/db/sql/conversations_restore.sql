-- $1 user, $2 conversation.
update conversations set deleted_at = null
where user_id = $1 and id = $2
