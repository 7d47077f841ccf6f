-- All users. $1 files that are deleted from the file store. A persona that started to use one meanwhile loses it.
with avatar as (
    update personas p set avatar_id = null
    from files f
    where f.id = any ($1::uuid[]) and p.owner_id = f.user_id and p.avatar_id = f.id
)
delete from files f where f.id = any ($1::uuid[])
