-- $1 user, $2 generation. Returns the code points that the reader had seen who requested a stop, or null.
select g.stop_seen_chars
from generations g
where g.user_id = $1 and g.id = $2 and g.status = 'running'
limit 1
