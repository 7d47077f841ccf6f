-- $4 generation, $5 milliseconds without a heartbeat. Marks a lost reply as interrupted and keeps its text.
lost as (
    update generations g
    set status = 'interrupted', error_code = 'lost', ended_at = now()
    where g.user_id = $1 and g.id = $4 and g.status = 'running'
        and g.heartbeat_at <= now() - $5::bigint * interval '1 millisecond'
    returning g.conversation_id, g.message_id
),
generations_abandon as (
    update messages m set status = 'interrupted'
    from lost l
    where m.conversation_id = l.conversation_id and m.user_id = $1 and m.id = l.message_id
    returning m.id
)
