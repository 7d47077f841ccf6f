-- Sessions that end before their tokens do, and people who leave.

-- A session that Clerk has ended. Its last token may live on for a minute: every request of it is refused.
create table revoked_sessions (
    session_id text primary key,
    revoked_at timestamptz not null default now(),
    expires_at timestamptz not null, -- by then no token of the session is left
    constraint revoked_sessions_id_length check (char_length(session_id) between 1 and 100)
);
create index revoked_sessions_expiry on revoked_sessions (expires_at);

-- Webhooks that have had their effect: Svix delivers a message at least once.
create table webhook_deliveries (
    id          text primary key, -- `svix-id`
    received_at timestamptz not null default now(),
    constraint webhook_deliveries_id_length check (char_length(id) between 1 and 200)
);
create index webhook_deliveries_age on webhook_deliveries (received_at);

-- A tombstone: what comes late about this person is not believed any more, and their rows are being erased.
create table deleted_users (
    user_id    uuid primary key,
    clerk_id   text not null,
    deleted_at timestamptz not null default now(),
    claimed_at timestamptz, -- when somebody last began to erase
    done_at    timestamptz  -- nothing is left
);
create index deleted_users_open on deleted_users (claimed_at nulls first) where done_at is null;
create index deleted_users_done on deleted_users (done_at) where done_at is not null;

-- Erasing finds rows that lists hide, and a cascade looks for the rows behind every row.
create index conversations_user_all on conversations (user_id, id);
create index conversations_persona_all on conversations (persona_id);
create index personas_owner_all on personas (owner_id, id);

-- Raises PS401 for a session that has ended and for a person who has left. Asked in the same flight as a request's
-- first statement. An exception and not an answer, so that a transaction stops at it without anybody looking.
create function refuse_ended_session(of_user uuid, of_session text) returns void
language plpgsql stable as $$
begin
    if exists (select from revoked_sessions r where r.session_id = of_session)
        or exists (select from deleted_users d where d.user_id = of_user) then
        raise exception using errcode = 'PS401', message = 'this session has ended';
    end if;
end
$$;
