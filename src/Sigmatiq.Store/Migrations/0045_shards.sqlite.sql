-- Pieces of work that any node may do a part of.
create table shard_works (
    work_id text primary key,
    kind text not null,
    context text not null,
    input_hash text not null,
    total integer not null,
    made_at_utc text not null
) strict;

-- The parts: each is counted once, by the claim that wrote its result.
create table shards (
    work_id text not null references shard_works (work_id),
    shard integer not null,
    input text not null,
    state text not null check (state in ('open', 'claimed', 'done', 'failed', 'dropped')),
    owner text not null default '',
    fence integer not null default 0,
    lost integer not null default 0,
    expires_at_utc text not null default '',
    result text,
    result_hash text,
    problem text,
    done_at_utc text,
    primary key (work_id, shard)
) strict, without rowid;

create index shards_to_do on shards (work_id, shard) where state in ('open', 'claimed');
create index shards_by_owner on shards (owner) where state = 'claimed';

-- A result that has been counted stands.
create trigger shards_count_once before update on shards
when old.state = 'done'
begin
    select raise(abort, 'a shard that is done is never changed');
end;
