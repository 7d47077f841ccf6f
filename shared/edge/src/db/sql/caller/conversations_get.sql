-- $4 conversation, $5 older than this message or null, $6 limit of messages, $7 limit of bytes of text, $8 milliseconds
-- without a heartbeat after which a reply is lost and shown as interrupted.
-- Read by conversation.sql. A page has at least one message of any size.
opened as (
    select c.id, c.persona_id, c.head_id, c.created_at
    from conversations c
    where c.user_id = $1 and c.id = $4 and c.deleted_at is null
),
start as (
    select case when $5::uuid is null then c.head_id
        else (select m.parent_id from messages m
              where m.conversation_id = c.id and m.user_id = $1 and m.id = $5::uuid) end as id
    from opened c
),
path as (
    select m.id, m.parent_id, m.role, m.status, m.content, m.created_at,
        1::bigint as n, octet_length(m.content)::bigint as bytes
    from start s
    join messages m on m.conversation_id = $4 and m.user_id = $1 and m.id = s.id
    union all
    select m.id, m.parent_id, m.role, m.status, m.content, m.created_at,
        path.n + 1, path.bytes + octet_length(m.content)
    from path
    join messages m on m.conversation_id = $4 and m.user_id = $1 and m.id = path.parent_id
    where path.n <= $6::bigint and path.bytes <= $7::bigint
),
page as (
    select path.id, path.role, path.status, path.content, path.created_at, path.n
    from path
    where path.n = 1 or (path.n <= $6::bigint and path.bytes <= $7::bigint)
),
running as (
    select g.id, g.message_id, g.seq
    from generations g
    where g.user_id = $1 and g.conversation_id = $4 and g.status = 'running'
        and g.heartbeat_at > now() - $8::bigint * interval '1 millisecond'
    limit 1
),
shown as (
    select c.id, c.persona_id, c.created_at,
        coalesce((
            select json_agg(json_build_object('id', page.id, 'role', page.role,
                'status', case when page.status = 'streaming' and not exists (
                    select from running where running.message_id = page.id) then 'interrupted' else page.status end,
                'content', page.content, 'created_at', page.created_at) order by page.n desc)
            from page), '[]') as messages,
        (select count(*) from path) > (select count(*) from page) as has_earlier,
        (select json_build_object('id', running.id, 'message_id', running.message_id, 'seq', running.seq)
            from running) as running
    from opened c
)
