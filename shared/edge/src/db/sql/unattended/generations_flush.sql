-- $1 user, $2 generation, $3 the whole text so far, $4 seq of its last event.
with owner as (
    update generations set seq = $4::integer, heartbeat_at = now()
    where user_id = $1 and id = $2 and status = 'running'
    returning conversation_id, message_id
)
update messages m set content = $3::text
from owner o
where m.conversation_id = o.conversation_id and m.user_id = $1 and m.id = o.message_id
returning m.id
