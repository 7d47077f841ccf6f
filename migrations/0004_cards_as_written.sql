-- Stores cards unchanged. jsonb does not preserve key order, number formats or duplicate keys. Older functions keep
-- working: the jsonb that they insert is cast, and `->>` reads both types.
alter table persona_versions
    drop constraint persona_versions_card_size,
    alter column card type json using card::text::json;
alter table persona_versions
    add constraint persona_versions_card_size check (octet_length(card::text) <= 1048576);
