-- What a request says beyond its kind and reason: the step of a retry.
alter table run_requests add column detail text;

-- The run whose finished steps a rerun may take over.
alter table runs add column rerun_of text;

-- What was asked for under a key and what came of it: asking again gives the same answer and does nothing.
create table idempotency_keys (
    key text primary key,
    fingerprint text not null,
    answer text not null,
    requested_by text not null,
    requested_at_utc text not null
) strict;
