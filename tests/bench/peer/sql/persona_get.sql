-- $1 user, $2 persona.
select json_build_object(
    'id', p.id, 'revision', p.version_no, 'name', p.name, 'tagline', p.tagline,
    'description', coalesce(v.card->>'description', ''),
    'personality', coalesce(v.card->>'personality', ''),
    'scenario', coalesce(v.card->>'scenario', ''),
    'greeting', coalesce(v.card->>'first_mes', ''),
    'example_dialogue', coalesce(v.card->>'mes_example', ''),
    'system_prompt', coalesce(v.card->>'system_prompt', ''),
    'post_history_instructions', coalesce(v.card->>'post_history_instructions', ''),
    'tags', p.tags, 'avatar_id', p.avatar_id, 'created_at', p.created_at, 'updated_at', p.updated_at)::text
from personas p
join persona_versions v on v.persona_id = p.id and v.version_no = p.version_no
where p.owner_id = $1 and p.id = $2 and p.deleted_at is null
limit 1
