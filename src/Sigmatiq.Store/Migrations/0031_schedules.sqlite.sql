-- Schedules that people keep from firing; a workflow without a row fires.
create table schedule_pauses (
    workflow_id text primary key,
    reason text not null,
    paused_by text not null,
    paused_at_utc text not null
) strict;

-- Until when the fires of a workflow have been decided.
create table schedule_marks (
    workflow_id text primary key,
    decided_until_utc text not null
) strict;

-- What became of each fire. The key makes a fire one run at most, however many schedulers decide it.
create table schedule_fires (
    workflow_id text not null,
    schedule text not null,
    fire_utc text not null,
    outcome text not null check (outcome in ('started', 'skipped', 'paused', 'dropped', 'refused')),
    run_id text references runs (run_id) deferrable initially deferred,
    reason text,
    decided_at_utc text not null,
    primary key (workflow_id, schedule, fire_utc)
) strict, without rowid;
