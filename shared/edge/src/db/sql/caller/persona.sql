-- Behind a step `shown`: the persona of its row as JSON, null where the row has no id.
persona as (
    select case when s.id is not null then json_build_object(
        'id', s.id, 'revision', s.version_no, 'name', s.name, 'tagline', s.tagline,
        'description', coalesce(s.card->>'description', ''),
        'personality', coalesce(s.card->>'personality', ''),
        'scenario', coalesce(s.card->>'scenario', ''),
        'greeting', coalesce(s.card->>'first_mes', ''),
        'example_dialogue', coalesce(s.card->>'mes_example', ''),
        'system_prompt', coalesce(s.card->>'system_prompt', ''),
        'post_history_instructions', coalesce(s.card->>'post_history_instructions', ''),
        'tags', s.tags, 'avatar_id', s.avatar_id, 'created_at', s.created_at, 'updated_at', s.updated_at)::text
        end as persona
    from shown s
    limit 1
)
