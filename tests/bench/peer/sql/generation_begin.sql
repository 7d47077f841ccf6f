-- $1 user, $2 conversation, $3 generation, $4 kind, $5 newest message the client shows or null,
-- $6 the person's message id or null, $7 its text or null, $8 reply's message id, $9 model, $10 most messages to read.
-- Judges, writes and reads all that a reply needs in one round trip. `verdict`:
-- missing | gone | same | busy | stale | impossible | ok. Only `ok` has written anything.
with recursive conversation as (
    select c.id, c.head_id, p.name, p.deleted_at, p.version_no, c.persona_id
    from conversations c
    join personas p on p.id = c.persona_id
    where c.user_id = $1 and c.id = $2 and c.deleted_at is null
    for update of c
), head as (
    select m.id, m.parent_id, m.role, m.kind, m.content
    from conversation c
    join messages m on m.conversation_id = c.id and m.user_id = $1 and m.id = c.head_id
), verdict as (
    select case
        when exists (select from generations g where g.id = $3 and g.user_id = $1 and g.conversation_id = $2) then 'same'
        when exists (select from generations g where g.id = $3) then 'missing'
        when c.deleted_at is not null then 'gone'
        when exists (select from generations g
            where g.user_id = $1 and g.conversation_id = $2 and g.status = 'running') then 'busy'
        when c.head_id is distinct from $5::uuid then 'stale'
        when $4::text = 'retry' and not exists (
            select from head where role = 'assistant' and kind = 'text' and parent_id is not null) then 'impossible'
        when $4::text = 'continue' and not exists (
            select from head where role = 'assistant' and kind = 'text' and id = $8::uuid) then 'impossible'
        else 'ok' end as verdict
    from conversation c
), go as (
    select c.id, c.head_id, c.version_no,
        case $4::text when 'retry' then (select parent_id from head) else c.head_id end as from_id
    from conversation c, verdict v
    where v.verdict = 'ok'
), question as (
    insert into messages (conversation_id, id, parent_id, user_id, role, content)
    select id, $6::uuid, head_id, $1, 'user', $7::text from go where $4::text = 'send'
    returning id
), answer as (
    insert into messages (conversation_id, id, parent_id, user_id, role, status, persona_version)
    select id, $8::uuid, case $4::text when 'send' then $6::uuid else from_id end, $1, 'assistant', 'streaming', version_no
    from go where $4::text <> 'continue'
    returning id
), continued as (
    update messages m set status = 'streaming'
    from go where m.conversation_id = go.id and m.user_id = $1 and m.id = $8::uuid and $4::text = 'continue'
    returning m.id
), generation as (
    insert into generations (id, conversation_id, user_id, message_id, kind, model)
    select $3, id, $1, $8::uuid, $4::text, $9::text from go
    returning id
), shown as (
    update conversations c
    set head_id = $8::uuid,
        message_count = c.message_count + case $4::text when 'send' then 2 when 'retry' then 1 else 0 end,
        preview = coalesce(left($7::text, 160), c.preview),
        last_message_at = now()
    from go where c.id = go.id and c.user_id = $1
    returning c.id
), history as (
    select m.id, m.parent_id, m.role, m.content, 1::bigint as n
    from go
    join messages m on m.conversation_id = go.id and m.user_id = $1 and m.id = go.from_id
    union all
    select m.id, m.parent_id, m.role, m.content, h.n + 1
    from history h
    join messages m on m.conversation_id = $2 and m.user_id = $1 and m.id = h.parent_id
    where h.n < $10::bigint
)
select coalesce((select verdict from verdict), 'missing') as verdict,
    (select c.name from conversation c) as name,
    (select v.card::text from go, persona_versions v
     where v.persona_id = (select c.persona_id from conversation c) and v.version_no = go.version_no) as card,
    coalesce((select u.display_name from users u where u.id = $1), '') as user_name,
    (select json_agg(json_build_object('role', h.role, 'content', h.content) order by h.n desc)::text
     from history h) as history
limit 1
