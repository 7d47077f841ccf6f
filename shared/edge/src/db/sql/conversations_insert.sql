-- $1 user, $2 id, $3 persona, $4 greeting's message id, $5 greeting ('' for none), $6 persona version.
-- A repeated POST finds its own row and changes nothing.
with conversation as (
    insert into conversations (id, user_id, persona_id, head_id, message_count, preview)
    select $2, $1, p.id, case when $5::text <> '' then $4::uuid end, case when $5::text <> '' then 1 else 0 end,
        left($5::text, 160)
    from personas p
    where p.owner_id = $1 and p.id = $3 and p.deleted_at is null
    on conflict (id) do nothing
    returning id
)
insert into messages (conversation_id, id, user_id, role, kind, content, persona_version)
select id, $4, $1, 'assistant', 'greeting', $5::text, $6::integer
from conversation
where $5::text <> ''
