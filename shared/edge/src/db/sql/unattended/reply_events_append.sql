-- $1 user, $2 generation, $3 number of the first event, $4 of the last, $5 the events.
-- Stores events for readers in other processes. Returns whether a stop was requested.
with owner as (
    update generations set heartbeat_at = now()
    where user_id = $1 and id = $2 and status = 'running'
    returning conversation_id, id, stop_seen_chars
), appended as (
    insert into reply_events (conversation_id, generation_id, first_seq, last_seq, user_id, events)
    select conversation_id, id, $3::integer, $4::integer, $1, $5::text from owner
    on conflict (conversation_id, generation_id, first_seq) do update set last_seq = excluded.last_seq, events = excluded.events
)
select stop_seen_chars from owner
