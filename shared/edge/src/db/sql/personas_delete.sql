-- $1 user, $2 persona. Undone by personas_restore.sql; deleting twice is deleting once.
update personas set deleted_at = coalesce(deleted_at, now())
where owner_id = $1 and id = $2
