-- $4 persona. Idempotent. personas_restore.sql restores it.
personas_delete as (
    update personas p set deleted_at = coalesce(p.deleted_at, now())
    where p.owner_id = $1 and p.id = $4
    returning p.id
)
