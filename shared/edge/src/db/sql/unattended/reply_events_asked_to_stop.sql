-- $1 user, $2 generation. How much the reader had seen that asked to stop, if one did.
select g.stop_seen_chars
from generations g
where g.user_id = $1 and g.id = $2 and g.status = 'running'
limit 1
