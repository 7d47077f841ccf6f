-- Always one row: a session can exist before the user's row.
users_me as (
    select json_build_object(
        'id', $3::text,
        'name', coalesce(u.display_name, ''),
        'email', u.email,
        'picture_url', u.picture_url)::text as me
    from (select 1) as one
    left join users u on u.id = $1
    limit 1
)
