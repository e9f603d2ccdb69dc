-- The span that a run belongs to, as a W3C traceparent, so that whichever process goes on with it tells of it in the same trace.
alter table runs add column trace_parent text collate "C";
