-- Of each reply what is kept until Postgres has its ending.
create table if not exists replies (id text primary key, stored text not null)
