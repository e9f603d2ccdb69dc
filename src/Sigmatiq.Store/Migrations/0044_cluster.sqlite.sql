-- What a claim is counted under: the concurrency group of the run it is on; null counts nowhere.
alter table leases add column slot text;
create index leases_by_owner on leases (owner, name) where owner <> '';

-- The processes that work on this store together. One that has not signed until its expiry counts as dead.
create table nodes (
    node_id text primary key,
    incarnation text not null unique,
    build text not null,
    version text not null,
    roles text not null,
    address text,
    state text not null check (state in ('working', 'draining', 'left')),
    started_at_utc text not null,
    sign_at_utc text not null,
    expires_at_utc text not null
) strict;
