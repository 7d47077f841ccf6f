-- $1 user, $2 files that are deleted from the file store.
with avatar as (
    update personas set avatar_id = null
    where owner_id = $1 and avatar_id = any ($2::uuid[])
)
delete from files where user_id = $1 and id = any ($2::uuid[])
