-- $4 generation, $5 number of the last event that the reader has, $6 milliseconds without a heartbeat after which a
-- reply is lost. Returns at most 100 batches of stored events.
generations_find as (
    select g.conversation_id, g.message_id, g.status, g.seq,
        g.heartbeat_at <= now() - $6::bigint * interval '1 millisecond' as is_silent,
        case when g.status = 'running' then '' else m.content end as content,
        coalesce(e.first_seq, 0) as first_seq, coalesce(e.events, '') as events
    from generations g
    join messages m on m.conversation_id = g.conversation_id and m.user_id = $1
        and m.id = g.message_id
    left join lateral (
        select min(batch.first_seq) as first_seq, string_agg(batch.events, '' order by batch.first_seq) as events
        from (
            select b.first_seq, b.events
            from reply_events b
            where b.conversation_id = g.conversation_id and b.generation_id = g.id and b.user_id = $1
                and b.last_seq > $5::integer
            order by b.first_seq
            limit 100
        ) batch
    ) e on true
    where g.user_id = $1 and g.id = $4
    limit 1
)
