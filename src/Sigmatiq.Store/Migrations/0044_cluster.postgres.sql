-- What a claim is counted under: the concurrency group of the run it is on; null counts nowhere.
alter table leases add column slot text collate "C";
create index leases_by_owner on leases (owner, name) where owner <> '';

-- The processes that work on this store together. One that has not signed until its expiry counts as dead.
create table nodes (
    node_id text collate "C" primary key,
    incarnation text collate "C" not null unique,
    build text collate "C" not null,
    version text collate "C" not null,
    roles text collate "C" not null,
    address text collate "C",
    state text collate "C" not null check (state in ('working', 'draining', 'left')),
    started_at_utc text collate "C" not null,
    sign_at_utc text collate "C" not null,
    expires_at_utc text collate "C" not null
);
