-- Past fires of a schedule that somebody wants run after all; the token is bound to the set.
create table backfills (
    token text primary key,
    workflow_id text not null,
    workflow_hash text not null references workflow_versions (workflow_hash),
    stop_on_failure integer not null,
    requested_by text not null,
    reason text not null,
    committed_at_utc text not null,
    state text not null check (state in ('active', 'done', 'stopped'))
) strict;

create index backfills_active on backfills (committed_at_utc) where state = 'active';

-- One row per fire; the outcome is that of its run, or 'not_started' after a stop.
create table backfill_fires (
    token text not null references backfills (token),
    workflow_id text not null,
    fire_utc text not null,
    run_id text references runs (run_id) deferrable initially deferred,
    outcome text,
    primary key (token, fire_utc)
) strict, without rowid;

-- A fire belongs to one backfill at most, unless its run came to nothing.
create unique index backfill_fires_once on backfill_fires (workflow_id, fire_utc) where outcome is null or outcome = 'completed';
