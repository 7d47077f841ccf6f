-- Follows a step `shown`. Returns the persona of its row as JSON, null if the row has no id.
persona as (
    select case when s.id is not null then json_build_object(
        'id', s.id, 'revision', s.version_no, 'tagline', s.tagline, 'avatar_id', s.avatar_id,
        'created_at', s.created_at, 'updated_at', s.updated_at, 'card', s.card)::text end as persona
    from shown s
    limit 1
)
