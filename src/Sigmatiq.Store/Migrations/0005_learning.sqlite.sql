-- One training of one combo. The key says which work it is, so that the same request finds the same job again.
create table training_jobs (
    job_id text primary key,
    seq integer not null unique,
    key text not null unique,
    model_id text not null,
    trained_model_id text not null unique,
    trained_number integer not null,
    sweep_id text not null,
    combo_id integer not null,
    combo_rank integer not null,
    config_hash text not null,
    data_snapshot_id text not null,
    plan_hash text not null,
    parameters text not null,
    hyperparameters text not null,
    seed integer not null,
    evidence_only integer not null,
    status text not null check (status in ('queued', 'training', 'completed', 'failed', 'cancelled')),
    problem text,
    created_by text not null,
    created_at_utc text not null,
    started_at_utc text,
    finished_at_utc text,
    unique (model_id, trained_number)
) strict;

create index training_jobs_by_model on training_jobs (model_id, seq);

create table training_progress (
    job_id text not null references training_jobs (job_id),
    position integer not null,
    step text not null,
    status text not null check (status in ('pending', 'in_progress', 'complete', 'failed')),
    started_at_utc text,
    duration_seconds real,
    primary key (job_id, position)
) strict;

create table trained_models (
    trained_model_id text primary key,
    job_id text not null unique references training_jobs (job_id),
    model_id text not null,
    combo_id integer not null,
    config_hash text not null,
    data_snapshot_id text not null,
    artifact_hash text not null,
    files text not null,
    meta text not null,
    state text not null check (state in ('trained', 'published', 'discarded')),
    created_at_utc text not null,
    decided_by text,
    decided_at_utc text,
    decision_reason text
) strict;

create index trained_models_by_model on trained_models (model_id, trained_model_id);
