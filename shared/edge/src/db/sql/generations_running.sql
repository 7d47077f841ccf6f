-- $1 user, $2 conversation. The reply being written, whoever owns it.
select g.id
from generations g
where g.user_id = $1 and g.conversation_id = $2 and g.status = 'running'
limit 1
