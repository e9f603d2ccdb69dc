-- One sweep. The request hash says which work it is, so that the same request finds the same sweep again.
create table sweeps (
    sweep_id text collate "C" primary key,
    request_hash text collate "C" not null,
    request text collate "C" not null,
    user_id text collate "C" not null,
    model_id text collate "C" not null,
    pack text collate "C" not null,
    pack_hash text collate "C" not null,
    hypothesis_key text collate "C" not null,
    lineage text collate "C" not null,
    synthetic bigint not null,
    data_snapshot_id text collate "C" not null,
    data_source_version text collate "C" not null,
    last_session text collate "C",
    tag text collate "C",
    total bigint not null,
    grid_size bigint not null,
    cap bigint,
    status text collate "C" not null check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
    progress double precision not null,
    result text collate "C",
    problem text collate "C",
    log text collate "C" not null,
    created_by text collate "C" not null,
    created_at_utc text collate "C" not null,
    started_at_utc text collate "C",
    finished_at_utc text collate "C"
);

create index sweeps_by_request on sweeps (request_hash, created_at_utc);
create index sweeps_by_tag on sweeps (tag, created_at_utc);
create index sweeps_by_model on sweeps (model_id, created_at_utc);

-- The combos of completed sweeps. Only the tick of a person changes later.
create table combos (
    sweep_id text collate "C" not null references sweeps (sweep_id),
    combo_id bigint not null,
    rank bigint not null,
    config text collate "C" not null,
    config_hash text collate "C" not null,
    gate text collate "C" not null check (gate in ('PASS', 'MARGINAL', 'FAIL')),
    gate_results text collate "C" not null,
    metrics text collate "C" not null,
    exits text collate "C" not null,
    trades_sample text collate "C" not null,
    duplicate_of bigint,
    exceeds_model_cap bigint not null,
    selected bigint not null default 0,
    primary key (sweep_id, combo_id),
    unique (sweep_id, rank)
);

-- The trial ledger: every combo ever evaluated, for ever. The same config on the same data counts once.
create table trials (
    hypothesis_key text collate "C" not null,
    config_hash text collate "C" not null,
    data_snapshot_id text collate "C" not null,
    lineage text collate "C" not null,
    synthetic bigint not null,
    kind text collate "C" not null check (kind in ('sweep', 'tuning')),
    duplicate bigint not null,
    periods bigint not null,
    sharpe_per_period double precision,
    skewness double precision,
    kurtosis double precision,
    source_id text collate "C" not null,
    combo_id bigint not null,
    at_utc text collate "C" not null,
    primary key (hypothesis_key, config_hash, data_snapshot_id)
);

create index trials_by_lineage on trials (lineage);

create trigger trials_are_never_changed before update on trials for each row execute function refuse_change('a trial is never changed');

create trigger trials_are_never_deleted before delete on trials for each row execute function refuse_change('a trial is never forgotten');

create trigger trials_are_never_emptied before truncate on trials for each statement execute function refuse_change('a trial is never forgotten');

-- Looks at a hold-out, numbered per hold-out; the effect key makes a step that runs again find its own look.
create table holdout_looks (
    effect_key text collate "C" primary key,
    holdout_id text collate "C" not null,
    number bigint not null,
    config_hash text collate "C" not null,
    source_id text collate "C" not null,
    at_utc text collate "C" not null,
    unique (holdout_id, number)
);

create trigger holdout_looks_are_never_changed before update on holdout_looks for each row execute function refuse_change('a look at a hold-out is never changed');

create trigger holdout_looks_are_never_deleted before delete on holdout_looks for each row execute function refuse_change('a look at a hold-out is never forgotten');

create trigger holdout_looks_are_never_emptied before truncate on holdout_looks for each statement execute function refuse_change('a look at a hold-out is never forgotten');
