-- Of everybody. $1 files that the store has deleted. A persona that took one of them meanwhile loses it.
with worn as (
    update personas p set avatar_id = null
    from files f
    where f.id = any ($1::uuid[]) and p.owner_id = f.user_id and p.avatar_id = f.id
)
delete from files f where f.id = any ($1::uuid[])
