-- $4 generation, $5 code points that the reader has seen. Only the first request counts.
reply_events_ask_to_stop as (
    update generations g set stop_seen_chars = coalesce(g.stop_seen_chars, $5::integer)
    where g.user_id = $1 and g.id = $4 and g.status = 'running'
    returning g.id
)
