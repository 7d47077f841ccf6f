-- All users. $1 limit. Checks pictures that may have been unused for a day; clears the mark of those in use.
-- A deleted persona keeps its picture, because the persona can be restored.
with old as (
    select f.id, f.user_id, f.is_in_card
    from files f
    where f.maybe_unused_since < now() - interval '1 day'
    order by f.maybe_unused_since
    limit $1::bigint
    for update skip locked
), checked as (
    -- A scalar subquery: an anti-join may scan the personas of all users.
    select o.id, o.is_in_card or (
        select p.id from personas p where p.owner_id = o.user_id and p.avatar_id = o.id limit 1) is not null as is_used
    from old o
), used as (
    update files f set maybe_unused_since = null
    from checked c
    where c.is_used and f.id = c.id
)
select coalesce(array_agg(c.id) filter (where not c.is_used), '{}') as unused, count(*) as checked
from checked c
limit 1
