-- $1 user, $2 generation. The reply has ended, so its message contains the text of all events.
delete from reply_events e
using generations g
where g.user_id = $1 and g.id = $2 and e.conversation_id = g.conversation_id and e.generation_id = g.id and e.user_id = $1
