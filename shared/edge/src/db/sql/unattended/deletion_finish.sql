-- $1 user. Deletes the user's row, at least a minute after the deletion: a request admitted just before it may have
-- written rows, which a later batch erases.
with tombstone as (
    update deleted_users set done_at = now()
    where user_id = $1 and done_at is null and deleted_at < now() - interval '1 minute'
    returning user_id
)
delete from users u using tombstone t
where u.id = t.user_id and u.id = $1
