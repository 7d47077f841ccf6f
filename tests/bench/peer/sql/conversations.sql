-- $1 user, $2 cursor (µs since 1970) or null, $3 cursor (id) or null, $4 page size, $5 persona or null.
with page as (
    select c.id, c.persona_id, c.preview, c.message_count, c.last_message_at,
        row_number() over (order by c.last_message_at desc, c.id desc) as n
    from conversations c
    where c.user_id = $1 and c.deleted_at is null
        and ($5::uuid is null or c.persona_id = $5::uuid)
        and ($2::bigint is null or (c.last_message_at, c.id) < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', $3::uuid))
    order by c.last_message_at desc, c.id desc
    limit $4::bigint + 1
)
select json_build_object(
    'items', coalesce(json_agg(json_build_object(
        'id', page.id,
        'persona', json_build_object(
            'id', p.id, 'name', p.name, 'tagline', p.tagline, 'avatar_id', p.avatar_id,
            'deleted', p.deleted_at is not null),
        'preview', page.preview, 'messages', page.message_count,
        'last_message_at', page.last_message_at) order by page.n) filter (where page.n <= $4::bigint), '[]'),
    'next', case when count(*) > $4::bigint
        then max((extract(epoch from page.last_message_at) * 1000000)::bigint || '~' || page.id) filter (where page.n = $4::bigint) end)::text
from page
join personas p on p.id = page.persona_id
limit 1
