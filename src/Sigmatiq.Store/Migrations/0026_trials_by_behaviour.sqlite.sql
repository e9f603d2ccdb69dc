-- What counts once is what a combo did, not what it is called: the list of its entries and exits on one snapshot. And the same config on
-- other bars of the same snapshot is another trial, so the range joins the key.
create table trials_by_behaviour (
    hypothesis_key text not null,
    config_hash text not null,
    data_snapshot_id text not null,
    range_key text not null,
    behaviour_key text,
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
    primary key (hypothesis_key, config_hash, data_snapshot_id, range_key)
) strict;

-- Rows of before know neither range nor behaviour: each that was no duplicate stays one of its own.
insert into trials_by_behaviour
select hypothesis_key, config_hash, data_snapshot_id, '', case duplicate when 0 then config_hash end, lineage, synthetic, kind, duplicate, periods,
    sharpe_per_period, skewness, kurtosis, source_id, combo_id, at_utc
from trials;

drop table trials;

alter table trials_by_behaviour rename to trials;

create index trials_by_lineage on trials (lineage);

create trigger trials_are_never_changed before update on trials
begin
    select raise(abort, 'a trial is never changed');
end;

create trigger trials_are_never_deleted before delete on trials
begin
    select raise(abort, 'a trial is never forgotten');
end;

-- What stands beside the metrics of a combo: break-even cost, ambiguous bars, its figures as a trial.
alter table combos add column robust text not null default '{}';
