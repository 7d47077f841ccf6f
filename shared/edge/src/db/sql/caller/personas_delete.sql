-- $4 persona. Undone by personas_restore.sql; deleting twice is deleting once.
personas_delete as (
    update personas p set deleted_at = coalesce(p.deleted_at, now())
    where p.owner_id = (select id from caller) and p.id = $4
    returning p.id
)
