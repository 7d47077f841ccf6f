-- Replies that are followed and stopped by other processes than the one that writes them.

-- The code points of the message that the reader had seen when it requested the stop.
alter table generations add column stop_seen_chars integer;
alter table generations add constraint generations_stop_seen_limit check (stop_seen_chars >= 0);

-- For counting a user's running replies at every new reply.
create index generations_user_running on generations (user_id) where status = 'running';

-- Whether the user may have one more running reply, not counting lost ones. Above half of the limit the user's row is
-- locked until the transaction ends, and the rows are counted again: each query of a volatile function sees rows committed
-- before it. So parallel requests cannot exceed the limit.
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

-- Encoded events of running replies, one row for each batch. Written only by owners that are not Durable Objects.
create table reply_events (
    conversation_id uuid not null references conversations on delete cascade,
    generation_id   uuid not null,
    first_seq       integer not null,
    last_seq        integer not null,
    user_id         uuid not null,
    events          text not null, -- server-sent events, each followed by an empty line
    primary key (conversation_id, generation_id, first_seq),
    constraint reply_events_order check (first_seq between 1 and last_seq),
    constraint reply_events_size check (octet_length(events) <= 4194304)
);
