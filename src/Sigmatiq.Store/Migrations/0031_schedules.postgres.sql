-- Schedules that people keep from firing; a workflow without a row fires.
create table schedule_pauses (
    workflow_id text collate "C" primary key,
    reason text collate "C" not null,
    paused_by text collate "C" not null,
    paused_at_utc text collate "C" not null
);

-- Until when the fires of a workflow have been decided.
create table schedule_marks (
    workflow_id text collate "C" primary key,
    decided_until_utc text collate "C" not null
);

-- What became of each fire. The key makes a fire one run at most, however many schedulers decide it.
create table schedule_fires (
    workflow_id text collate "C" not null,
    schedule text collate "C" not null,
    fire_utc text collate "C" not null,
    outcome text collate "C" not null check (outcome in ('started', 'skipped', 'paused', 'dropped', 'refused')),
    run_id text collate "C" references runs (run_id) deferrable initially deferred,
    reason text collate "C",
    decided_at_utc text collate "C" not null,
    primary key (workflow_id, schedule, fire_utc)
);
