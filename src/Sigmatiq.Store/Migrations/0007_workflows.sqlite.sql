-- Published workflow files; a version never changes.
create table workflow_versions (
    workflow_hash text primary key,
    workflow_id text not null,
    version text not null,
    text text not null,
    published_at_utc text not null,
    unique (workflow_id, version)
) strict;

-- One row per run: what lists and the engine's poll read. Everything in it follows from the journal.
create table runs (
    run_id text primary key,
    workflow_id text not null,
    version text not null,
    workflow_hash text not null references workflow_versions (workflow_hash),
    status text not null,
    reason text,
    concurrency_group text,
    concurrency_limit integer not null,
    parameters text not null,
    requested_by text not null,
    requested_at_utc text not null,
    as_of_utc text not null,
    changed_at_utc text not null,
    ended_at_utc text,
    seq integer not null
) strict;

create index runs_open on runs (status, run_id) where ended_at_utc is null;
create index runs_of_workflow on runs (workflow_id, run_id);

-- The journal: a run's state is the fold of its events.
create table run_events (
    run_id text not null references runs (run_id),
    seq integer not null,
    schema_version integer not null,
    kind text not null,
    at_utc text not null,
    fence integer not null,
    body text not null,
    primary key (run_id, seq)
) strict, without rowid;

create trigger run_events_are_never_changed before update on run_events
begin
    select raise(abort, 'the journal is append-only');
end;

create trigger run_events_are_never_deleted before delete on run_events
begin
    select raise(abort, 'the journal is append-only');
end;

-- What waits for what.
create table run_waits (
    run_id text not null references runs (run_id),
    step text not null,
    item integer not null,
    wake_key text not null,
    reason text not null,
    expires_at_utc text,
    primary key (run_id, step, item)
) strict, without rowid;

create index run_waits_by_key on run_waits (wake_key);

-- What people and other rooms ask of the engine: a wake by key, or the end of a run.
create table run_requests (
    request_id integer primary key autoincrement,
    kind text not null,
    subject text not null,
    requested_by text not null,
    reason text not null,
    requested_at_utc text not null,
    handled_at_utc text
) strict;

create index run_requests_open on run_requests (kind, subject) where handled_at_utc is null;

create table step_attempts (
    run_id text not null references runs (run_id),
    step text not null,
    item integer not null,
    attempt integer not null,
    status text not null,
    started_at_utc text not null,
    ended_at_utc text,
    problem text,
    progress_done integer not null default 0,
    progress_total integer not null default 0,
    progress_text text,
    primary key (run_id, step, item, attempt)
) strict, without rowid;

create table step_log (
    line_id integer primary key autoincrement,
    run_id text not null references runs (run_id),
    step text not null,
    item integer not null,
    attempt integer not null,
    at_utc text not null,
    line text not null
) strict;

create index step_log_of_run on step_log (run_id, line_id);
