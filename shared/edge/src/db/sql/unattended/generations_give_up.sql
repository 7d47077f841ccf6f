-- $1 user, $2 generation. Its owner was restarted: marks the reply as interrupted and keeps its text.
with lost as (
    update generations g
    set status = 'interrupted', error_code = 'lost', ended_at = now()
    where g.user_id = $1 and g.id = $2 and g.status = 'running'
    returning g.conversation_id, g.message_id
)
update messages m set status = 'interrupted'
from lost l
where m.conversation_id = l.conversation_id and m.user_id = $1 and m.id = l.message_id
