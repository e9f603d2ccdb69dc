-- When an attempt last said anything of itself, progress or a line: how a step that hangs is told from one that is slow.
alter table step_attempts add column sign_at_utc text collate "C";
