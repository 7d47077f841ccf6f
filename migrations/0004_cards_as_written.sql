-- A card is kept as its author wrote it. jsonb forgets the order of keys, the spelling of numbers and keys that
-- stand twice. Functions of before go on: what they insert as jsonb is cast, and `->>` reads both types.
alter table persona_versions
    drop constraint persona_versions_card_size,
    alter column card type json using card::text::json;
alter table persona_versions
    add constraint persona_versions_card_size check (octet_length(card::text) <= 1048576);
