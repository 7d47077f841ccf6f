-- $4 cursor (µs since 1970) or null, $5 cursor (id) or null, $6 persona or null. A page holds 30.
conversation_page as (
    select c.id, c.persona_id, c.preview, c.message_count, c.last_message_at,
        row_number() over (order by c.last_message_at desc, c.id desc) as n
    from conversations c
    where c.user_id = $1 and c.deleted_at is null
        and ($6::uuid is null or c.persona_id = $6::uuid)
        and ($4::bigint is null
            or (c.last_message_at, c.id) < (timestamptz 'epoch' + $4::bigint * interval '1 microsecond', $5::uuid))
    order by c.last_message_at desc, c.id desc
    limit 31
),
dashboard_conversations as (
    select json_build_object(
        'items', coalesce(json_agg(json_build_object(
            'id', page.id,
            'persona', json_build_object(
                'id', p.id, 'name', p.name, 'tagline', p.tagline, 'avatar_id', p.avatar_id,
                'deleted', p.deleted_at is not null),
            'preview', page.preview, 'messages', page.message_count,
            'last_message_at', page.last_message_at) order by page.n) filter (where page.n <= 30), '[]'),
        'next', case when count(*) > 30
            then max((extract(epoch from page.last_message_at) * 1000000)::bigint || '~' || page.id)
                filter (where page.n = 30) end)::text as conversations
    from conversation_page page
    join personas p on p.id = page.persona_id
    limit 1
)
