-- Follows users_me.sql, dashboard_personas.sql and dashboard_conversations.sql, with their parameters.
dashboard as (
    select m.me, p.personas, c.conversations
    from users_me m
    cross join dashboard_personas p
    cross join dashboard_conversations c
    limit 1
)
