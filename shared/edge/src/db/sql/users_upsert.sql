-- $1 id, $2 Clerk id, $3 name, $4 e-mail, $5 picture, $6 Clerk's updated_at in ms.
-- An event that Clerk made earlier never overwrites what a later one wrote.
insert into users as u (id, clerk_id, display_name, email, picture_url, clerk_updated_at)
values ($1, $2, left($3, 200), $4, $5, to_timestamp($6::bigint / 1000.0))
on conflict (id) do update
set display_name = excluded.display_name,
    email = excluded.email,
    picture_url = excluded.picture_url,
    clerk_updated_at = excluded.clerk_updated_at
where u.clerk_updated_at <= excluded.clerk_updated_at
