-- The session check as a step of each caller's statement, limits per user, and unused pictures.

-- Returns the user. Raises PS401 if the session has ended or the user is deleted. Every statement of a caller evaluates this
-- function first, so none can skip the check.
create function admitted(of_user uuid, of_session text) returns uuid
language plpgsql stable as $$
begin
    if exists (select from revoked_sessions r where r.session_id = of_session)
        or exists (select from deleted_users d where d.user_id = of_user) then
        raise exception using errcode = 'PS401', message = 'this session has ended';
    end if;
    return of_user;
end
$$;

-- Whether the user may have one more. Within 64 of the limit (more than a pooler has connections) the user's row is
-- locked until the transaction ends, and the rows are counted again: each query of a volatile function sees rows committed
-- before it. So parallel requests cannot exceed the limit, and do not wait for each other when far from it.
create function room_for_persona(of_user uuid, most bigint) returns boolean
language plpgsql volatile as $$
begin
    if (select count(*) from personas p where p.owner_id = of_user and p.deleted_at is null) < most - 64 then
        return true;
    end if;
    perform from users u where u.id = of_user for no key update;
    return (select count(*) from personas p where p.owner_id = of_user and p.deleted_at is null) < most;
end
$$;

create function room_for_conversation(of_user uuid, most bigint) returns boolean
language plpgsql volatile as $$
begin
    if (select count(*) from conversations c where c.user_id = of_user and c.deleted_at is null) < most - 64 then
        return true;
    end if;
    perform from users u where u.id = of_user for no key update;
    return (select count(*) from conversations c where c.user_id = of_user and c.deleted_at is null) < most;
end
$$;

-- Whether `new_bytes` more exceed the limit, and when the next upload is allowed if the limit of 24 hours is reached.
-- Uploads of a user are checked one at a time.
create function room_for_file(of_user uuid, new_bytes bigint, bytes_most bigint, day_most bigint,
    out is_full boolean, out resets_at timestamptz)
language plpgsql volatile as $$
begin
    perform from users u where u.id = of_user for no key update;
    is_full := new_bytes + coalesce((select sum(f.bytes) from files f where f.user_id = of_user), 0) > bytes_most;
    resets_at := (
        select f.created_at + interval '24 hours' from files f
        where f.user_id = of_user and f.created_at > now() - interval '24 hours'
        order by f.created_at desc offset day_most - 1 limit 1);
end
$$;
create index files_uploads on files (user_id, created_at desc);

-- When a picture possibly became unused: at its upload, or when a persona replaced it. Null after a check found it in use.
alter table files add column maybe_unused_since timestamptz default now();
-- A version of a persona contains its URL.
alter table files add column is_in_card boolean not null default false;
create index files_maybe_unused on files (maybe_unused_since) where maybe_unused_since is not null;
