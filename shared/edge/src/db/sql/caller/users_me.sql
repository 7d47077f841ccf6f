-- Always one row: a session can exist before the user's row.
users_me as (
    select json_build_object(
        'id', caller.clerk_id,
        'name', coalesce(u.display_name, ''),
        'email', u.email,
        'picture_url', u.picture_url)::text as me
    from caller
    left join users u on u.id = (select id from caller)
    limit 1
)
