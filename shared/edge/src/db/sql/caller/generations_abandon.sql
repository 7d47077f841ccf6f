-- $4 generation. Its owner is gone: what was written stays, and the conversation is free again.
owner as (
    update generations g
    set status = 'interrupted', error_code = 'lost', ended_at = now()
    where g.user_id = $1 and g.id = $4 and g.status = 'running'
    returning g.conversation_id, g.message_id
),
generations_abandon as (
    update messages m set status = 'interrupted'
    from owner o
    where m.conversation_id = o.conversation_id and m.user_id = $1 and m.id = o.message_id
    returning m.id
)
