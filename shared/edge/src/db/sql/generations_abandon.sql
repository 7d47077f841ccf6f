-- $1 user, $2 generation. Its owner is gone: what was written stays, and the conversation is free again.
with owner as (
    update generations
    set status = 'interrupted', error_code = 'lost', ended_at = now()
    where user_id = $1 and id = $2 and status = 'running'
    returning conversation_id, message_id
)
update messages m set status = 'interrupted'
from owner o
where m.conversation_id = o.conversation_id and m.user_id = $1 and m.id = o.message_id
