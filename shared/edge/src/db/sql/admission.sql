-- The first step of every statement of a caller. $1 user, $2 session, $3 Clerk id.
-- Raises PS401 if the session has ended or the user is deleted.
with recursive caller as materialized (
    select admitted($1, $2) as id, $3::text as clerk_id
),
