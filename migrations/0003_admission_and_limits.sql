-- The admission as a step of each caller's statement, limits of what a person keeps, and pictures that nobody uses.

-- The user, or PS401 for a session that has ended and for a person who has left. Every statement of a caller gets the
-- user from here, so none can be run without the question.
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

-- Room for one more. Within 64 of the limit, which is more than a pooler's connections, the person's row is held until
-- the transaction ends, and the rows are counted anew: each query of a volatile function sees what was committed before
-- it. So parallel requests cannot pass the limit, and far from it they do not wait for each other.
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

-- Whether so many bytes more are too many, and when uploads reset, where 24 hours' are used up. Uploads of a person are
-- judged one after another.
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

-- A picture that nobody may be using: it was uploaded then, or a persona has had another one since. Null once somebody
-- looked and it was used.
alter table files add column maybe_unused_since timestamptz default now();
-- A version of a persona names it.
alter table files add column is_in_card boolean not null default false;
create index files_maybe_unused on files (maybe_unused_since) where maybe_unused_since is not null;
