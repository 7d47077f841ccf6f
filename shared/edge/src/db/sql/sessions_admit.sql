-- $1 user, $2 session. Raises PS401 where the session has ended or the person has left.
select refuse_ended_session($1, $2)
