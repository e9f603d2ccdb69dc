-- One training of one combo. The key says which work it is, so that the same request finds the same job again.
create table training_jobs (
    job_id text collate "C" primary key,
    seq bigint not null unique,
    key text collate "C" not null unique,
    model_id text collate "C" not null,
    trained_model_id text collate "C" not null unique,
    trained_number bigint not null,
    sweep_id text collate "C" not null,
    combo_id bigint not null,
    combo_rank bigint not null,
    config_hash text collate "C" not null,
    data_snapshot_id text collate "C" not null,
    plan_hash text collate "C" not null,
    parameters text collate "C" not null,
    hyperparameters text collate "C" not null,
    seed bigint not null,
    evidence_only bigint not null,
    status text collate "C" not null check (status in ('queued', 'training', 'completed', 'failed', 'cancelled')),
    problem text collate "C",
    created_by text collate "C" not null,
    created_at_utc text collate "C" not null,
    started_at_utc text collate "C",
    finished_at_utc text collate "C",
    unique (model_id, trained_number)
);

create index training_jobs_by_model on training_jobs (model_id, seq);

create table training_progress (
    job_id text collate "C" not null references training_jobs (job_id),
    position bigint not null,
    step text collate "C" not null,
    status text collate "C" not null check (status in ('pending', 'in_progress', 'complete', 'failed')),
    started_at_utc text collate "C",
    duration_seconds double precision,
    primary key (job_id, position)
);

create table trained_models (
    trained_model_id text collate "C" primary key,
    job_id text collate "C" not null unique references training_jobs (job_id),
    model_id text collate "C" not null,
    combo_id bigint not null,
    config_hash text collate "C" not null,
    data_snapshot_id text collate "C" not null,
    artifact_hash text collate "C" not null,
    files text collate "C" not null,
    meta text collate "C" not null,
    state text collate "C" not null check (state in ('trained', 'published', 'discarded')),
    created_at_utc text collate "C" not null,
    decided_by text collate "C",
    decided_at_utc text collate "C",
    decision_reason text collate "C"
);

create index trained_models_by_model on trained_models (model_id, trained_model_id);
