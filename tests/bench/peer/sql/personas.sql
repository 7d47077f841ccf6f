-- $1 user, $2 cursor (µs since 1970) or null, $3 cursor (id) or null, $4 page size.
with page as (
    select p.id, p.name, p.tagline, p.tags, p.avatar_id, p.updated_at,
        row_number() over (order by p.updated_at desc, p.id desc) as n
    from personas p
    where p.owner_id = $1 and p.deleted_at is null
        and ($2::bigint is null or (p.updated_at, p.id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::uuid))
    order by p.updated_at desc, p.id desc
    limit $4::bigint + 1
)
select json_build_object(
    'items', coalesce(json_agg(json_build_object(
        'id', page.id, 'name', page.name, 'tagline', page.tagline, 'tags', page.tags, 'avatar_id', page.avatar_id,
        'conversations', (
            select count(*) from conversations c
            where c.persona_id = page.id and c.user_id = $1 and c.deleted_at is null),
        'updated_at', page.updated_at) order by page.n) filter (where page.n <= $4::bigint), '[]'),
    'next', case when count(*) > $4::bigint
        then max((extract(epoch from page.updated_at) * 1000000)::bigint || '~' || page.id) filter (where page.n = $4::bigint) end)::text
from page
limit 1
