-- Before the steps of every statement of a caller: $1 user, $2 session, $3 Clerk id.
-- Raises PS401 where the session has ended or the person has left.
with recursive caller as materialized (
    select admitted($1, $2) as id, $3::text as clerk_id
),
