-- $1 user, $2 limit for each table. Returns the number of deleted rows.
-- Deletes the newest messages first, because deleting a message cascades to the messages after it. A conversation is
-- deleted when it is empty (checked with scalar subqueries: an anti-join may scan the messages of all users).
with reply as (
    delete from generations where user_id = $1 and id in (
        select g.id from generations g where g.user_id = $1 limit $2::bigint)
    returning id
), chosen as (
    select c.id from conversations c where c.user_id = $1 order by c.id limit $2::bigint
), said as (
    select old.conversation_id, old.id
    from chosen
    cross join lateral (
        select m.conversation_id, m.id from messages m
        where m.conversation_id = chosen.id and m.user_id = $1
        order by m.id desc limit $2::bigint) old
    limit $2::bigint
), message as (
    delete from messages m using said
    where m.user_id = $1 and m.conversation_id = said.conversation_id and m.id = said.id
    returning m.id
), conversation as (
    delete from conversations c using chosen
    where c.user_id = $1 and c.id = chosen.id
        and (select m.id from messages m where m.conversation_id = c.id and m.user_id = $1 limit 1) is null
        and (select g.id from generations g where g.conversation_id = c.id and g.user_id = $1 limit 1) is null
    returning c.id
)
select (select count(*) from reply) + (select count(*) from message) + (select count(*) from conversation)
limit 1
