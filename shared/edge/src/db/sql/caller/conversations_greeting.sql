-- $4 persona. The persona's greeting, and the names for its macros.
conversations_greeting as (
    select v.card::text as card, p.version_no,
        coalesce((select u.display_name from users u where u.id = $1), '') as user_name
    from personas p
    join persona_versions v on v.persona_id = p.id and v.version_no = p.version_no
    where p.owner_id = $1 and p.id = $4 and p.deleted_at is null
    limit 1
)
