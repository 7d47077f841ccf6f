-- Replies that are followed and stopped from another process than the one that writes them.

-- How much of the message the reader had seen when it asked to stop, in code points from the message's beginning.
alter table generations add column stop_seen_chars integer;
alter table generations add constraint generations_stop_seen_limit check (stop_seen_chars >= 0);

-- Counted at every new reply of a person.
create index generations_user_running on generations (user_id) where status = 'running';

-- Room for one more running reply, without those that are lost. Beyond half of the limit the person's row is held until
-- the transaction ends, and the rows are counted anew: each query of a volatile function sees what was committed before
-- it, so that parallel requests cannot pass the limit.
create function room_for_reply(of_user uuid, most bigint, lost_after_ms bigint) returns boolean
language plpgsql volatile as $$
declare
    alive_since timestamptz := now() - lost_after_ms * interval '1 millisecond';
begin
    if (select count(*) from generations g
        where g.user_id = of_user and g.status = 'running' and g.heartbeat_at > alive_since) < most / 2 then
        return true;
    end if;
    perform from users u where u.id = of_user for no key update;
    return (select count(*) from generations g
        where g.user_id = of_user and g.status = 'running' and g.heartbeat_at > alive_since) < most;
end
$$;

-- Events of a running reply, as they leave: a row for each batch. Only owners without a memory of their own write here.
create table reply_events (
    conversation_id uuid not null references conversations on delete cascade,
    generation_id   uuid not null,
    first_seq       integer not null,
    last_seq        integer not null,
    user_id         uuid not null,
    events          text not null, -- of server-sent events, each with its empty line
    primary key (conversation_id, generation_id, first_seq),
    constraint reply_events_order check (first_seq between 1 and last_seq),
    constraint reply_events_size check (octet_length(events) <= 4194304)
);
