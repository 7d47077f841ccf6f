-- No user's rows. $1 limit for each table.
-- Deletes expired rows and claims users to erase, the least recently claimed first, each at most every 30 s.
-- Svix retries a delivery for about a day and allows replays for three months.
with delivery as (
    delete from webhook_deliveries where id in (
        select w.id from webhook_deliveries w where w.received_at < now() - interval '7 days'
        order by w.received_at limit $1::bigint for update skip locked)
), session as (
    delete from revoked_sessions where session_id in (
        select r.session_id from revoked_sessions r where r.expires_at < now()
        order by r.expires_at limit $1::bigint for update skip locked)
), tombstone as (
    delete from deleted_users where user_id in (
        select d.user_id from deleted_users d where d.done_at < now() - interval '100 days'
        order by d.done_at limit $1::bigint for update skip locked)
), open as (
    select d.user_id from deleted_users d
    where d.done_at is null and (d.claimed_at is null or d.claimed_at < now() - interval '30 seconds')
    order by d.claimed_at nulls first limit 4 for update skip locked
), claimed as (
    update deleted_users d set claimed_at = now()
    from open
    where d.user_id = open.user_id
    returning d.clerk_id
)
select coalesce(array_agg(clerk_id), '{}') from claimed
limit 1
