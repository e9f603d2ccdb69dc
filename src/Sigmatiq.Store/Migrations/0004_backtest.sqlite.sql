-- One sweep. The request hash says which work it is, so that the same request finds the same sweep again.
create table sweeps (
    sweep_id text primary key,
    request_hash text not null,
    request text not null,
    user_id text not null,
    model_id text not null,
    pack text not null,
    pack_hash text not null,
    hypothesis_key text not null,
    lineage text not null,
    synthetic integer not null,
    data_snapshot_id text not null,
    data_source_version text not null,
    last_session text,
    tag text,
    total integer not null,
    grid_size integer not null,
    cap integer,
    status text not null check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
    progress real not null,
    result text,
    problem text,
    log text not null,
    created_by text not null,
    created_at_utc text not null,
    started_at_utc text,
    finished_at_utc text
) strict;

create index sweeps_by_request on sweeps (request_hash, created_at_utc);
create index sweeps_by_tag on sweeps (tag, created_at_utc);
create index sweeps_by_model on sweeps (model_id, created_at_utc);

-- The combos of completed sweeps. Only the tick of a person changes later.
create table combos (
    sweep_id text not null references sweeps (sweep_id),
    combo_id integer not null,
    rank integer not null,
    config text not null,
    config_hash text not null,
    gate text not null check (gate in ('PASS', 'MARGINAL', 'FAIL')),
    gate_results text not null,
    metrics text not null,
    exits text not null,
    trades_sample text not null,
    duplicate_of integer,
    exceeds_model_cap integer not null,
    selected integer not null default 0,
    primary key (sweep_id, combo_id),
    unique (sweep_id, rank)
) strict;

-- The trial ledger: every combo ever evaluated, for ever. The same config on the same data counts once.
create table trials (
    hypothesis_key text not null,
    config_hash text not null,
    data_snapshot_id text not null,
    lineage text not null,
    synthetic integer not null,
    kind text not null check (kind in ('sweep', 'tuning')),
    duplicate integer not null,
    periods integer not null,
    sharpe_per_period real,
    skewness real,
    kurtosis real,
    source_id text not null,
    combo_id integer not null,
    at_utc text not null,
    primary key (hypothesis_key, config_hash, data_snapshot_id)
) strict;

create index trials_by_lineage on trials (lineage);

create trigger trials_are_never_changed before update on trials
begin
    select raise(abort, 'a trial is never changed');
end;

create trigger trials_are_never_deleted before delete on trials
begin
    select raise(abort, 'a trial is never forgotten');
end;

-- Looks at a hold-out, numbered per hold-out; the effect key makes a step that runs again find its own look.
create table holdout_looks (
    effect_key text primary key,
    holdout_id text not null,
    number integer not null,
    config_hash text not null,
    source_id text not null,
    at_utc text not null,
    unique (holdout_id, number)
) strict;

create trigger holdout_looks_are_never_changed before update on holdout_looks
begin
    select raise(abort, 'a look at a hold-out is never changed');
end;

create trigger holdout_looks_are_never_deleted before delete on holdout_looks
begin
    select raise(abort, 'a look at a hold-out is never forgotten');
end;
