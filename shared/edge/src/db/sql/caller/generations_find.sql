-- $4 generation.
generations_find as (
    select g.conversation_id, g.message_id, g.status, m.content
    from generations g
    join messages m on m.conversation_id = g.conversation_id and m.user_id = $1
        and m.id = g.message_id
    where g.user_id = $1 and g.id = $4
    limit 1
)
