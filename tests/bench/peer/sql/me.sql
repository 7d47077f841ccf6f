-- $1 user, $2 Clerk id. One row always: a person whose row is not there yet has a session all the same.
select json_build_object(
    'id', $2::text,
    'name', coalesce(u.display_name, ''),
    'email', u.email,
    'picture_url', u.picture_url)::text
from (select 1) as one
left join users u on u.id = $1
limit 1
