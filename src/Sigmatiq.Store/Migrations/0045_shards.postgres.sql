-- Pieces of work that any node may do a part of.
create table shard_works (
    work_id text collate "C" primary key,
    kind text collate "C" not null,
    context text collate "C" not null,
    input_hash text collate "C" not null,
    total bigint not null,
    made_at_utc text collate "C" not null
);

-- The parts: each is counted once, by the claim that wrote its result.
create table shards (
    work_id text collate "C" not null references shard_works (work_id),
    shard bigint not null,
    input text collate "C" not null,
    state text collate "C" not null check (state in ('open', 'claimed', 'done', 'failed', 'dropped')),
    owner text collate "C" not null default '',
    fence bigint not null default 0,
    lost bigint not null default 0,
    expires_at_utc text collate "C" not null default '',
    result text collate "C",
    result_hash text collate "C",
    problem text collate "C",
    done_at_utc text collate "C",
    primary key (work_id, shard)
);

create index shards_to_do on shards (work_id, shard) where state in ('open', 'claimed');
create index shards_by_owner on shards (owner) where state = 'claimed';

-- A result that has been counted stands.
create trigger shards_count_once before update on shards for each row when (old.state = 'done') execute function refuse_change('a shard that is done is never changed');
