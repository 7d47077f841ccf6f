-- $4 conversation. The reply being written, whoever owns it.
generations_running as (
    select g.id
    from generations g
    where g.user_id = $1 and g.conversation_id = $4 and g.status = 'running'
    limit 1
)
