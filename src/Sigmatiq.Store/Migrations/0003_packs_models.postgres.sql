-- A published pack version never changes: its hash is the witness.
create table published_packs (
    pack_id text collate "C" not null,
    version text collate "C" not null,
    hash text collate "C" not null,
    content text collate "C" not null,
    published_by text collate "C" not null,
    published_at_utc text collate "C" not null,
    primary key (pack_id, version)
);

create trigger published_packs_are_never_changed before update on published_packs for each row execute function refuse_change('a published pack version is immutable');

-- A user's choice of one pack, one instrument and parameters.
create table models (
    user_id text collate "C" not null,
    id text collate "C" not null,
    name text collate "C" not null,
    description text collate "C" not null,
    pack_id text collate "C" not null,
    pack_version text collate "C" not null,
    pack_hash text collate "C" not null,
    status text collate "C" not null,
    next_step text collate "C" not null,
    config text collate "C" not null,
    content_hash text collate "C" not null,
    created_at_utc text collate "C" not null,
    primary key (user_id, id),
    unique (user_id, name)
);

create index models_pack on models (pack_id, pack_version);
