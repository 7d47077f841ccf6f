-- $4 files. A card is about to name them: they stay as long as the person does.
files_name as (
    update files f set is_in_card = true
    where f.user_id = (select id from caller) and f.id = any ($4::uuid[])
    returning f.id
)
