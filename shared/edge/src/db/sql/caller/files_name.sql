-- $4 files. Their URLs are in a card that is stored next: they are kept as long as the user exists.
files_name as (
    update files f set is_in_card = true
    where f.user_id = $1 and f.id = any ($4::uuid[])
    returning f.id
)
