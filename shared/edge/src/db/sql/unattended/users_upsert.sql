-- $1 id, $2 Clerk id, $3 name, $4 email, $5 picture, $6 Clerk's updated_at in ms, $7 delivery, or null.
-- A delivery is applied once. An older event never overwrites a newer one, and a deleted user is not created again.
with delivery as (
    insert into webhook_deliveries (id)
    select $7::text where $7::text is not null
    on conflict do nothing
    returning id
)
insert into users as u (id, clerk_id, display_name, email, picture_url, clerk_updated_at)
select $1, $2::text, left($3::text, 200), $4::text, $5::text, to_timestamp($6::bigint / 1000.0)
where ($7::text is null or exists (select from delivery))
    and not exists (select from deleted_users d where d.user_id = $1)
on conflict (id) do update
set display_name = excluded.display_name,
    email = excluded.email,
    picture_url = excluded.picture_url,
    clerk_updated_at = excluded.clerk_updated_at
where u.clerk_updated_at <= excluded.clerk_updated_at
