-- Follows a step `shown`. Returns the conversation of its row as JSON, null if the row has no id.
conversation as (
    select case when s.id is not null then json_build_object(
        'id', s.id,
        'persona', json_build_object('id', p.id, 'name', p.name, 'tagline', p.tagline, 'avatar_id', p.avatar_id,
            'deleted', p.deleted_at is not null),
        'created_at', s.created_at,
        'messages', s.messages,
        'has_earlier', s.has_earlier,
        'running', s.running)::text end as conversation
    from shown s
    left join personas p on p.id = s.persona_id
    limit 1
)
