-- $1 user, $2 persona.
update personas set deleted_at = null
where owner_id = $1 and id = $2
