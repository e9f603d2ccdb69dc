create table approvals (
    id text collate "C" primary key,
    run_id text collate "C" not null,
    strategy_id text collate "C" not null,
    digest text collate "C" not null,
    status text collate "C" not null check (status in ('PENDING_APPROVAL', 'APPROVED', 'REJECTED', 'LIVE')),
    body text collate "C" not null,
    created_utc text collate "C" not null,
    expires_utc text collate "C" not null,
    decided_utc text collate "C"
);

create unique index approvals_run on approvals (run_id);
create index approvals_status on approvals (status, expires_utc);

create table deployments (
    id text collate "C" primary key,
    approval_id text collate "C" not null unique references approvals (id),
    run_id text collate "C" not null,
    strategy_id text collate "C" not null,
    mode text collate "C" not null check (mode in ('paper', 'live')),
    status text collate "C" not null,
    body text collate "C" not null,
    created_utc text collate "C" not null
);

create index deployments_strategy on deployments (strategy_id, status);

create table guardrail_readings (
    deployment_id text collate "C" not null references deployments (id),
    evaluated_utc text collate "C" not null,
    body text collate "C" not null,
    primary key (deployment_id, evaluated_utc)
);
