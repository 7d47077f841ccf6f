-- $1 user, $2 persona.
select json_build_object(
    'id', p.id, 'revision', p.version_no, 'tagline', p.tagline, 'avatar_id', p.avatar_id,
    'created_at', p.created_at, 'updated_at', p.updated_at, 'card', v.card)::text
from personas p
join persona_versions v on v.persona_id = p.id and v.version_no = p.version_no
where p.owner_id = $1 and p.id = $2 and p.deleted_at is null
limit 1
