-- Of everybody. $1 most rows. Pictures that nothing has referred to for a day. What is used after all is taken off the list.
-- A deleted persona keeps its picture: the deletion can be undone.
with old as (
    select f.id, f.user_id, f.is_in_card
    from files f
    where f.maybe_unused_since < now() - interval '1 day'
    order by f.maybe_unused_since
    limit $1::bigint
    for update skip locked
), judged as (
    -- A scalar subquery: an anti-join may read everybody's personas.
    select o.id, o.is_in_card or (
        select p.id from personas p where p.owner_id = o.user_id and p.avatar_id = o.id limit 1) is not null as is_used
    from old o
), used as (
    update files f set maybe_unused_since = null
    from judged j
    where j.is_used and f.id = j.id
)
select coalesce(array_agg(j.id) filter (where not j.is_used), '{}') as unused, count(*) as judged
from judged j
limit 1
