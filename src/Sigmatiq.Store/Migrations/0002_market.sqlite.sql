-- What is traded; one row per symbol that ever had bars.
create table symbols (
    symbol text primary key,
    asset_class text not null,
    calendar text not null,
    synthetic integer not null check (synthetic in (0, 1)),
    first_seen_at_utc text not null
) strict;

-- Every state that the bars of a symbol and interval have had; the manifest of the same id lists the files.
create table bar_snapshots (
    id text primary key,
    symbol text not null references symbols (symbol),
    interval text not null,
    source text not null,
    source_version text not null,
    first_start_utc text not null,
    last_start_utc text not null,
    bars integer not null,
    findings text not null,
    previous_id text,
    made_at_utc text not null
) strict;

create index bar_snapshots_series on bar_snapshots (symbol, interval, made_at_utc);

-- Which snapshot is the newest of a series; moved on by one guarded statement.
create table bar_series (
    symbol text not null,
    interval text not null,
    snapshot_id text not null references bar_snapshots (id),
    primary key (symbol, interval)
) strict;

-- Broken facts that a person took in, with the reason.
create table quality_waivers (
    id text primary key,
    snapshot_id text not null references bar_snapshots (id),
    rule text not null,
    reason text not null,
    bars integer not null,
    file text not null,
    made_at_utc text not null
) strict;

-- Broken facts that a person takes in from now on, before the bars that have them are imported.
create table standing_waivers (
    symbol text not null,
    interval text not null,
    rule text not null,
    reason text not null,
    made_at_utc text not null,
    primary key (symbol, interval, rule)
) strict;
