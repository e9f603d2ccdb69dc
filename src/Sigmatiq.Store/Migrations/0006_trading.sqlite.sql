create table approvals (
    id text primary key,
    run_id text not null,
    strategy_id text not null,
    digest text not null,
    status text not null check (status in ('PENDING_APPROVAL', 'APPROVED', 'REJECTED', 'LIVE')),
    body text not null,
    created_utc text not null,
    expires_utc text not null,
    decided_utc text
) strict;

create unique index approvals_run on approvals (run_id);
create index approvals_status on approvals (status, expires_utc);

create table deployments (
    id text primary key,
    approval_id text not null unique references approvals (id),
    run_id text not null,
    strategy_id text not null,
    mode text not null check (mode in ('paper', 'live')),
    status text not null,
    body text not null,
    created_utc text not null
) strict;

create index deployments_strategy on deployments (strategy_id, status);

create table guardrail_readings (
    deployment_id text not null references deployments (id),
    evaluated_utc text not null,
    body text not null,
    primary key (deployment_id, evaluated_utc)
) strict;
