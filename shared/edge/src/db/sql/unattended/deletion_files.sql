-- $1 user, $2 limit. The remaining files.
select coalesce(array_agg(remaining.id), '{}')
from (select f.id from files f where f.user_id = $1 order by f.id limit $2::bigint) remaining
limit 1
