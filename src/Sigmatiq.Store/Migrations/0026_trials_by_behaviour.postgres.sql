-- What counts once is what a combo did, not what it is called: the list of its entries and exits on one snapshot. And the same config on
-- other bars of the same snapshot is another trial, so the range joins the key.
create table trials_by_behaviour (
    hypothesis_key text collate "C" not null,
    config_hash text collate "C" not null,
    data_snapshot_id text collate "C" not null,
    range_key text collate "C" not null,
    behaviour_key text collate "C",
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
    primary key (hypothesis_key, config_hash, data_snapshot_id, range_key)
);

-- Rows of before know neither range nor behaviour: each that was no duplicate stays one of its own.
insert into trials_by_behaviour
select hypothesis_key, config_hash, data_snapshot_id, '', case duplicate when 0 then config_hash end, lineage, synthetic, kind, duplicate, periods,
    sharpe_per_period, skewness, kurtosis, source_id, combo_id, at_utc
from trials;

drop table trials;

alter table trials_by_behaviour rename to trials;

create index trials_by_lineage on trials (lineage);

create trigger trials_are_never_changed before update on trials for each row execute function refuse_change('a trial is never changed');

create trigger trials_are_never_deleted before delete on trials for each row execute function refuse_change('a trial is never forgotten');

create trigger trials_are_never_emptied before truncate on trials for each statement execute function refuse_change('a trial is never forgotten');

-- What stands beside the metrics of a combo: break-even cost, ambiguous bars, its figures as a trial.
alter table combos add column robust text collate "C" not null default '{}';
