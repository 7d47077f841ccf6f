-- Sign in, create a persona, talk to it.
-- Ids are UUIDv7 made by the client or the function (time-ordered: append-only B-trees), but for users,
-- whose id is derived from Clerk's (UUIDv5), so that a function knows its caller's key without asking.

create table users (
    id               uuid primary key,
    clerk_id         text not null,
    display_name     text not null default '',
    email            text,
    picture_url      text,
    clerk_updated_at timestamptz not null default 'epoch', -- an older event never overwrites a newer one
    created_at       timestamptz not null default now(),
    constraint users_clerk_id_key unique (clerk_id),
    constraint users_clerk_id_form check (clerk_id ~ '^user_[A-Za-z0-9]{1,64}$'),
    constraint users_display_name_length check (char_length(display_name) <= 200)
);

-- What a person uploaded. The bytes are in the file store under `files/<id>`.
create table files (
    id         uuid primary key,
    user_id    uuid not null references users on delete cascade,
    mime       text not null,
    bytes      integer not null,
    width      integer not null,
    height     integer not null,
    created_at timestamptz not null default now(),
    constraint files_owner_key unique (user_id, id),
    constraint files_mime_known check (mime in ('image/png', 'image/jpeg', 'image/webp')),
    constraint files_bytes_limit check (bytes between 1 and 5242880)
);

create table personas (
    id         uuid primary key,
    owner_id   uuid not null references users on delete cascade,
    name       text not null,
    tagline    text not null default '',
    tags       text[] not null default '{}',
    avatar_id  uuid,
    version_no integer not null default 1, -- the current version, and the revision of an edit
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint personas_name_length check (char_length(name) between 1 and 120),
    constraint personas_tagline_length check (char_length(tagline) <= 160),
    constraint personas_tags_count check (cardinality(tags) <= 24),
    -- An avatar is a file of the same person.
    constraint personas_avatar_is_own foreign key (owner_id, avatar_id) references files (user_id, id)
);
create index personas_owner on personas (owner_id, updated_at desc, id desc) where deleted_at is null;
create index personas_avatar on personas (owner_id, avatar_id) where avatar_id is not null;

-- Immutable; editing is inserting.
create table persona_versions (
    persona_id  uuid not null references personas on delete cascade,
    version_no  integer not null,
    card        jsonb not null, -- the `data` of a character card V3
    created_at  timestamptz not null default now(),
    primary key (persona_id, version_no),
    constraint persona_versions_number check (version_no > 0),
    constraint persona_versions_card_size check (octet_length(card::text) < 1048576)
);

create table conversations (
    id              uuid primary key,
    user_id         uuid not null references users on delete cascade,
    persona_id      uuid not null references personas on delete cascade,
    head_id         uuid, -- the newest message of the shown branch
    message_count   integer not null default 0,
    preview         text not null default '',
    last_message_at timestamptz not null default now(),
    created_at      timestamptz not null default now(),
    deleted_at      timestamptz,
    constraint conversations_preview_length check (char_length(preview) <= 160)
);
create index conversations_list on conversations (user_id, last_message_at desc, id desc) where deleted_at is null;
create index conversations_persona on conversations (persona_id, user_id, last_message_at desc) where deleted_at is null;

-- A tree: siblings are alternative replies, paths are branches.
create table messages (
    conversation_id uuid not null references conversations on delete cascade,
    id              uuid not null,
    parent_id       uuid,
    user_id         uuid not null,
    role            text not null,
    kind            text not null default 'text',
    status          text not null default 'done',
    content         text not null default '',
    persona_version integer, -- which version spoke
    created_at      timestamptz not null default now(),
    primary key (conversation_id, id),
    foreign key (conversation_id, parent_id) references messages (conversation_id, id) on delete cascade,
    constraint messages_role_known check (role in ('user', 'assistant')),
    constraint messages_kind_known check (kind in ('greeting', 'text')),
    constraint messages_status_known check (status in ('streaming', 'done', 'stopped', 'interrupted', 'refused')),
    constraint messages_content_size check (octet_length(content) <= 524288)
) partition by hash (conversation_id);
do $$ begin for i in 0..15 loop
    execute format('create table messages_p%s partition of messages for values with (modulus 16, remainder %s)', i, i);
end loop; end $$;
create index messages_children on messages (conversation_id, parent_id, id);

-- One attempt to answer; its owner writes here.
create table generations (
    id              uuid primary key, -- chosen by the client: a repeated POST is the same generation
    conversation_id uuid not null references conversations on delete cascade,
    user_id         uuid not null references users on delete cascade,
    message_id      uuid not null,
    kind            text not null,
    status          text not null default 'running',
    seq             integer not null default 0, -- the last event written into the message
    model           text not null default '',
    error_code      text,
    tokens_in       integer,
    tokens_out      integer,
    heartbeat_at    timestamptz not null default now(),
    started_at      timestamptz not null default now(),
    ended_at        timestamptz,
    constraint generations_kind_known check (kind in ('send', 'retry', 'continue')),
    constraint generations_status_known check (status in ('running', 'done', 'stopped', 'interrupted', 'refused'))
);
create unique index generations_one_running on generations (conversation_id) where status = 'running';
create index generations_user on generations (user_id, started_at desc);
create index generations_conversation on generations (conversation_id, started_at desc);
