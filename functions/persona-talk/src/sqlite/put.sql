insert into replies (id, stored) values (?, ?) on conflict (id) do update set stored = excluded.stored
