-- $1 user. The row itself, last, and not within a minute: a request that was admitted just before the person left
-- may still have written something, which the slices then find.
with tombstone as (
    update deleted_users set done_at = now()
    where user_id = $1 and done_at is null and deleted_at < now() - interval '1 minute'
    returning user_id
)
delete from users u using tombstone t
where u.id = t.user_id and u.id = $1
