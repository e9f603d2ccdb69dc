-- What is traded; one row per symbol that ever had bars.
create table symbols (
    symbol text collate "C" primary key,
    asset_class text collate "C" not null,
    calendar text collate "C" not null,
    synthetic bigint not null check (synthetic in (0, 1)),
    first_seen_at_utc text collate "C" not null
);

-- Every state that the bars of a symbol and interval have had; the manifest of the same id lists the files.
create table bar_snapshots (
    id text collate "C" primary key,
    symbol text collate "C" not null references symbols (symbol),
    interval text collate "C" not null,
    source text collate "C" not null,
    source_version text collate "C" not null,
    first_start_utc text collate "C" not null,
    last_start_utc text collate "C" not null,
    bars bigint not null,
    findings text collate "C" not null,
    previous_id text collate "C",
    made_at_utc text collate "C" not null
);

create index bar_snapshots_series on bar_snapshots (symbol, interval, made_at_utc);

-- Which snapshot is the newest of a series; moved on by one guarded statement.
create table bar_series (
    symbol text collate "C" not null,
    interval text collate "C" not null,
    snapshot_id text collate "C" not null references bar_snapshots (id),
    primary key (symbol, interval)
);

-- Broken facts that a person took in, with the reason.
create table quality_waivers (
    id text collate "C" primary key,
    snapshot_id text collate "C" not null references bar_snapshots (id),
    rule text collate "C" not null,
    reason text collate "C" not null,
    bars bigint not null,
    file text collate "C" not null,
    made_at_utc text collate "C" not null
);

-- Broken facts that a person takes in from now on, before the bars that have them are imported.
create table standing_waivers (
    symbol text collate "C" not null,
    interval text collate "C" not null,
    rule text collate "C" not null,
    reason text collate "C" not null,
    made_at_utc text collate "C" not null,
    primary key (symbol, interval, rule)
);
