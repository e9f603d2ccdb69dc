-- What a claim is counted under: the concurrency group of the run it is on; null counts nowhere.
alter table leases add column slot text;
create index leases_by_owner on leases (owner, name) where owner <> '';

-- Taken by whoever admits runs or nodes, so that what is counted stays true until it is written.
insert into leases (name, owner, fence, claimed_at_utc, expires_at_utc)
values ('cluster', '', 0, '1970-01-01T00:00:00.000000Z', '1970-01-01T00:00:00.000000Z');

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
