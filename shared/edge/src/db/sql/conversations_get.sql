-- $1 user, $2 conversation, $3 older than this message or null, $4 page size.
-- A reply whose owner has been silent for 45 s (three missed heartbeats) is lost: it shows as interrupted.
with recursive conversation as (
    select c.id, c.persona_id, c.head_id, c.created_at
    from conversations c
    where c.user_id = $1 and c.id = $2 and c.deleted_at is null
), start as (
    select case when $3::uuid is null then c.head_id
        else (select m.parent_id from messages m
              where m.conversation_id = c.id and m.user_id = $1 and m.id = $3::uuid) end as id
    from conversation c
), path as (
    select m.id, m.parent_id, m.role, m.status, m.content, m.created_at, 1::bigint as n
    from start s
    join messages m on m.conversation_id = $2 and m.user_id = $1 and m.id = s.id
    union all
    select m.id, m.parent_id, m.role, m.status, m.content, m.created_at, path.n + 1
    from path
    join messages m on m.conversation_id = $2 and m.user_id = $1 and m.id = path.parent_id
    where path.n <= $4::bigint
), running as (
    select g.id, g.message_id
    from generations g
    where g.user_id = $1 and g.conversation_id = $2 and g.status = 'running'
        and g.heartbeat_at > now() - interval '45 seconds'
    limit 1
)
select json_build_object(
    'id', c.id,
    'persona', json_build_object('id', p.id, 'name', p.name, 'tagline', p.tagline, 'avatar_id', p.avatar_id,
        'deleted', p.deleted_at is not null),
    'created_at', c.created_at,
    'messages', coalesce((
        select json_agg(json_build_object('id', path.id, 'role', path.role,
            'status', case when path.status = 'streaming' and not exists (
                select from running where running.message_id = path.id) then 'interrupted' else path.status end,
            'content', path.content, 'created_at', path.created_at) order by path.n desc)
        from path where path.n <= $4::bigint), '[]'),
    'has_earlier', exists (select from path where path.n > $4::bigint),
    'running', (select json_build_object('id', running.id, 'message_id', running.message_id) from running))::text
from conversation c
join personas p on p.id = c.persona_id
limit 1
