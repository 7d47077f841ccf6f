-- The state of each reply until its ending is in Postgres.
create table if not exists replies (id text primary key, stored text not null)
