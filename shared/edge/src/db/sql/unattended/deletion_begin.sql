-- $1 user, $2 Clerk id, $3 delivery.
-- Rejects the user from now on, and erases name, email address and picture. Other data is erased in batches.
with delivery as (
    insert into webhook_deliveries (id) values ($3::text)
    on conflict do nothing
    returning id
), tombstone as (
    insert into deleted_users (user_id, clerk_id)
    select $1, $2::text from delivery
    on conflict (user_id) do nothing
    returning user_id
)
update users u set display_name = '', email = null, picture_url = null
from tombstone t
where u.id = t.user_id and u.id = $1
