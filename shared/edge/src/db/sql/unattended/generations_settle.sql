-- $1 user, $2 generation, $3 status, $4 the message's whole text, $5 number of the last event, $6 error code or null,
-- $7 prompt tokens or null, $8 reply tokens or null, $9 number of the first event that is not stored or null,
-- $10 those events.
-- Stores the first ending only, except that it replaces the ending of a lost reply if no later reply has continued the
-- same message.
with owner as (
    update generations g
    set status = $3::text, seq = $5::integer, error_code = $6::text, tokens_in = $7::integer, tokens_out = $8::integer,
        heartbeat_at = now(), ended_at = now()
    where g.user_id = $1 and g.id = $2 and (g.status = 'running' or (g.status = 'interrupted' and g.error_code = 'lost'
        and not exists (
            select from generations l
            where l.user_id = $1 and l.conversation_id = g.conversation_id and l.message_id = g.message_id
                and l.started_at > g.started_at)))
    returning conversation_id, id, message_id
), appended as (
    insert into reply_events (conversation_id, generation_id, first_seq, last_seq, user_id, events)
    select conversation_id, id, $9::integer, $5::integer - 1, $1, $10::text from owner where $9::integer < $5::integer
    on conflict (conversation_id, generation_id, first_seq) do update set last_seq = excluded.last_seq, events = excluded.events
), shown as (
    update conversations c
    set preview = case when $4::text = '' then c.preview else left($4::text, 160) end, last_message_at = now()
    from owner o
    where c.id = o.conversation_id and c.user_id = $1 and c.head_id = o.message_id
)
update messages m set content = $4::text, status = $3::text
from owner o
where m.conversation_id = o.conversation_id and m.user_id = $1 and m.id = o.message_id
