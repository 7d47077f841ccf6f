-- $4 id, $5 persona, $6 message id of the greeting, $7 greeting ('' for none), $8 persona version, $9 limit of conversations.
-- Returns to conversation.sql the new conversation, or nulls if the limit is reached. No row if the id is taken (by an
-- earlier attempt of the same request or by another user) or the persona does not exist.
room as materialized (
    select room_for_conversation($1, $9::bigint) as is_left
    from personas p
    where p.owner_id = $1 and p.id = $5 and p.deleted_at is null
        and not exists (select from conversations c where c.user_id = $1 and c.id = $4)
),
opened as (
    insert into conversations (id, user_id, persona_id, head_id, message_count, preview)
    select $4::uuid, $1, $5::uuid, case when $7::text <> '' then $6::uuid end,
        case when $7::text <> '' then 1 else 0 end, left($7::text, 160)
    from room r
    where r.is_left
    on conflict (id) do nothing
    returning id, persona_id, created_at
),
greeting as (
    insert into messages (conversation_id, id, user_id, role, kind, content, persona_version)
    select o.id, $6::uuid, $1, 'assistant', 'greeting', $7::text, $8::integer
    from opened o
    where $7::text <> ''
    returning id, role, status, content, created_at
),
shown as (
    select o.id, o.persona_id, o.created_at,
        coalesce((
            select json_agg(json_build_object('id', g.id, 'role', g.role, 'status', g.status, 'content', g.content,
                'created_at', g.created_at))
            from greeting g), '[]') as messages,
        false as has_earlier, null::json as running
    from room r
    left join opened o on true
    where o.id is not null or not r.is_left
)
