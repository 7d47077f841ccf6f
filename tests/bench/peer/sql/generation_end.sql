-- $1 user, $2 generation, $3 status, $4 the message's whole text, $5 seq, $6 error code or null,
-- $7 prompt tokens or null, $8 reply tokens or null.
-- Writes only while the generation runs: settling twice is settling once.
with owner as (
    update generations
    set status = $3::text, seq = $5::integer, error_code = $6::text, tokens_in = $7::integer, tokens_out = $8::integer,
        heartbeat_at = now(), ended_at = now()
    where user_id = $1 and id = $2 and status = 'running'
    returning conversation_id, message_id
), shown as (
    update conversations c
    set preview = case when $4::text = '' then c.preview else left($4::text, 160) end, last_message_at = now()
    from owner o
    where c.id = o.conversation_id and c.user_id = $1
)
update messages m set content = $4::text, status = $3::text
from owner o
where m.conversation_id = o.conversation_id and m.user_id = $1 and m.id = o.message_id
