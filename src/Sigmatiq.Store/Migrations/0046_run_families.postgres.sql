-- The step of another run that a run works for: its end wakes that step, and what is asked of that run is asked of it too.
alter table runs add column parent_run_id text collate "C";
alter table runs add column parent_step text collate "C";
alter table runs add column parent_item bigint;

create index runs_of_parent on runs (parent_run_id, parent_step, parent_item) where parent_run_id is not null;
