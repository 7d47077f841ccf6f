-- $4 conversation, $5 generation, $6 kind, $7 newest message the client shows or null,
-- $8 the user's message id or null, $9 its text or null, $10 reply's message id, $11 model, $12 limit of messages to read,
-- $13 bytes after which no further message is read, $14 milliseconds without a heartbeat after which a reply is lost,
-- $15 limit of running replies of a user.
-- Checks the request, stores the beginning of the reply and reads the data for it. `outcome`:
-- missing | gone | same | lost | busy | stale | impossible | too_many | ok. Only `ok` writes anything.
conversation as (
    select c.id, c.head_id, p.name, p.deleted_at, p.version_no, c.persona_id
    from conversations c
    join personas p on p.id = c.persona_id
    where c.user_id = $1 and c.id = $4 and c.deleted_at is null
    for update of c
),
head as (
    select m.id, m.parent_id, m.role, m.kind, m.content
    from conversation c
    join messages m on m.conversation_id = c.id and m.user_id = $1 and m.id = c.head_id
),
running as (
    select g.id, g.heartbeat_at <= now() - $14::bigint * interval '1 millisecond' as is_lost
    from generations g
    where g.user_id = $1 and g.conversation_id = $4 and g.status = 'running'
    limit 1
),
outcome as (
    select case
        when exists (select from generations g where g.id = $5 and g.user_id = $1 and g.conversation_id = $4) then 'same'
        when exists (select from generations g where g.id = $5) then 'missing'
        when c.deleted_at is not null then 'gone'
        when exists (select from running r where r.is_lost) then 'lost'
        when exists (select from running) then 'busy'
        when c.head_id is distinct from $7::uuid then 'stale'
        when $6::text = 'retry' and not exists (
            select from head where role = 'assistant' and kind = 'text' and parent_id is not null) then 'impossible'
        when $6::text = 'continue' and not exists (
            select from head where role = 'assistant' and kind = 'text' and id = $10::uuid) then 'impossible'
        when not room_for_reply($1, $15::bigint, $14::bigint) then 'too_many'
        else 'ok' end as outcome
    from conversation c
),
go as (
    select c.id, c.head_id, c.version_no,
        case $6::text when 'retry' then (select parent_id from head) else c.head_id end as from_id
    from conversation c, outcome v
    where v.outcome = 'ok'
),
forgotten as (
    delete from reply_events e using go
    where e.conversation_id = go.id and e.user_id = $1
),
question as (
    insert into messages (conversation_id, id, parent_id, user_id, role, content)
    select id, $8::uuid, head_id, $1, 'user', $9::text from go where $6::text = 'send'
    returning id
),
answer as (
    insert into messages (conversation_id, id, parent_id, user_id, role, status, persona_version)
    select id, $10::uuid, case $6::text when 'send' then $8::uuid else from_id end, $1, 'assistant', 'streaming', version_no
    from go where $6::text <> 'continue'
    returning id
),
continued as (
    update messages m set status = 'streaming'
    from go where m.conversation_id = go.id and m.user_id = $1 and m.id = $10::uuid and $6::text = 'continue'
    returning m.id
),
generation as (
    insert into generations (id, conversation_id, user_id, message_id, kind, model)
    select $5, id, $1, $10::uuid, $6::text, $11::text from go
    returning id
),
shown as (
    update conversations c
    set head_id = $10::uuid,
        message_count = c.message_count + case $6::text when 'send' then 2 when 'retry' then 1 else 0 end,
        preview = coalesce(left($9::text, 160), c.preview),
        last_message_at = now()
    from go where c.id = go.id and c.user_id = $1
    returning c.id
),
history as (
    select m.id, m.parent_id, m.role, m.content, 1::bigint as n, octet_length(m.content)::bigint as bytes
    from go
    join messages m on m.conversation_id = go.id and m.user_id = $1 and m.id = go.from_id
    union all
    select m.id, m.parent_id, m.role, m.content, h.n + 1, h.bytes + octet_length(m.content)
    from history h
    join messages m on m.conversation_id = $4 and m.user_id = $1 and m.id = h.parent_id
    where h.n < $12::bigint and h.bytes < $13::bigint
),
generations_begin as (
    select coalesce((select outcome from outcome), 'missing') as outcome,
        (select c.name from conversation c) as name,
        (select v.card::text from go, persona_versions v
         where v.persona_id = (select c.persona_id from conversation c) and v.version_no = go.version_no) as card,
        coalesce((select u.display_name from users u where u.id = $1), '') as user_name,
        (select json_agg(json_build_object('role', h.role, 'content', h.content) order by h.n desc)::text
         from history h) as history,
        (select r.id from running r) as running,
        to_char((now() + interval '10 seconds') at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as resets_at
    limit 1
)
