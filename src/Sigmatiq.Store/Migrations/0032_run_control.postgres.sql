-- What a request says beyond its kind and reason: the step of a retry.
alter table run_requests add column detail text collate "C";

-- The run whose finished steps a rerun may take over.
alter table runs add column rerun_of text collate "C";

-- What was asked for under a key and what came of it: asking again gives the same answer and does nothing.
create table idempotency_keys (
    key text collate "C" primary key,
    fingerprint text collate "C" not null,
    answer text collate "C" not null,
    requested_by text collate "C" not null,
    requested_at_utc text collate "C" not null
);
