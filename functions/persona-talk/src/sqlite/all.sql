select id, stored from replies order by id limit 1000
