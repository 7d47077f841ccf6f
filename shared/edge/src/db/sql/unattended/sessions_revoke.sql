-- No user's rows. $1 delivery, $2 session.
-- Clerk issues no tokens for an ended session, and tokens last a minute, so a day is sufficient.
with delivery as (
    insert into webhook_deliveries (id) values ($1::text)
    on conflict do nothing
    returning id
)
insert into revoked_sessions (session_id, expires_at)
select $2::text, now() + interval '1 day' from delivery
on conflict (session_id) do nothing
