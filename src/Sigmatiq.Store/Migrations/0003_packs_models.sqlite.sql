-- A published pack version never changes: its hash is the witness.
create table published_packs (
    pack_id text not null,
    version text not null,
    hash text not null,
    content text not null,
    published_by text not null,
    published_at_utc text not null,
    primary key (pack_id, version)
) strict;

create trigger published_packs_are_never_changed before update on published_packs
begin
    select raise(abort, 'a published pack version is immutable');
end;

-- A user's choice of one pack, one instrument and parameters.
create table models (
    user_id text not null,
    id text not null,
    name text not null,
    description text not null,
    pack_id text not null,
    pack_version text not null,
    pack_hash text not null,
    status text not null,
    next_step text not null,
    config text not null,
    content_hash text not null,
    created_at_utc text not null,
    primary key (user_id, id),
    unique (user_id, name)
) strict;

create index models_pack on models (pack_id, pack_version);
