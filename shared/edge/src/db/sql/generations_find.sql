-- $1 user, $2 generation.
select g.conversation_id, g.message_id, g.status, m.content
from generations g
join messages m on m.conversation_id = g.conversation_id and m.user_id = $1 and m.id = g.message_id
where g.user_id = $1 and g.id = $2
limit 1
