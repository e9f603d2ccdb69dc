-- Past fires of a schedule that somebody wants run after all; the token is bound to the set.
create table backfills (
    token text collate "C" primary key,
    workflow_id text collate "C" not null,
    workflow_hash text collate "C" not null references workflow_versions (workflow_hash),
    stop_on_failure bigint not null,
    requested_by text collate "C" not null,
    reason text collate "C" not null,
    committed_at_utc text collate "C" not null,
    state text collate "C" not null check (state in ('active', 'done', 'stopped'))
);

create index backfills_active on backfills (committed_at_utc) where state = 'active';

-- One row per fire; the outcome is that of its run, or 'not_started' after a stop.
create table backfill_fires (
    token text collate "C" not null references backfills (token),
    workflow_id text collate "C" not null,
    fire_utc text collate "C" not null,
    run_id text collate "C" references runs (run_id) deferrable initially deferred,
    outcome text collate "C",
    primary key (token, fire_utc)
);

-- A fire belongs to one backfill at most, unless its run came to nothing.
create unique index backfill_fires_once on backfill_fires (workflow_id, fire_utc) where outcome is null or outcome = 'completed';
