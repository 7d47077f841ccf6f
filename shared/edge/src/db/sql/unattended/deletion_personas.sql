-- $1 user, $2 limit for each table. Returns the number of deleted rows. A persona is deleted after its versions.
with chosen as (
    select p.id from personas p where p.owner_id = $1 order by p.id limit $2::bigint
), past as (
    select old.persona_id, old.version_no
    from chosen
    cross join lateral (
        select v.persona_id, v.version_no from persona_versions v
        where v.persona_id = chosen.id limit $2::bigint) old
    limit $2::bigint
), version as (
    delete from persona_versions v using past
    where v.persona_id = past.persona_id and v.version_no = past.version_no
    returning v.version_no
), persona as (
    delete from personas p using chosen
    where p.owner_id = $1 and p.id = chosen.id
        and (select v.version_no from persona_versions v where v.persona_id = p.id limit 1) is null
    returning p.id
)
select (select count(*) from version) + (select count(*) from persona)
limit 1
