delete from replies where id = ?
