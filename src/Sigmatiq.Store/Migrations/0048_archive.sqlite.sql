-- Files that hold the journals of runs which the store itself keeps no longer; each is entered in the transaction of its audit record.
create table run_archives (
    archive_hash text primary key,
    path text not null unique,
    runs integer not null,
    bytes integer not null,
    made_at_utc text not null
) strict;

create trigger run_archives_begin_on_record before insert on run_archives
when not exists (select 1 from audit where seq = (select max(seq) from audit) and subject = 'archive:' || new.archive_hash)
begin
    select raise(abort, 'an archive is entered only with its audit record');
end;

create trigger run_archives_are_never_changed before update on run_archives
begin
    select raise(abort, 'an archive is never changed');
end;

create trigger run_archives_are_never_deleted before delete on run_archives
begin
    select raise(abort, 'an archive is never forgotten');
end;

-- Which run lies in which file.
create table archived_runs (
    run_id text primary key references runs (run_id),
    archive_hash text not null references run_archives (archive_hash)
) strict;

create trigger archived_runs_have_ended before insert on archived_runs
when not exists (select 1 from runs where run_id = new.run_id and ended_at_utc is not null)
begin
    select raise(abort, 'only a run that has ended is archived');
end;

create trigger archived_runs_are_never_changed before update on archived_runs
begin
    select raise(abort, 'an archive is never changed');
end;

create trigger archived_runs_are_never_deleted before delete on archived_runs
begin
    select raise(abort, 'an archive is never forgotten');
end;

-- The journal stays append-only, but for runs that lie in an archive.
drop trigger run_events_are_never_deleted;

create trigger run_events_are_never_deleted before delete on run_events
when not exists (select 1 from archived_runs where run_id = old.run_id)
begin
    select raise(abort, 'the journal is append-only');
end;

create trigger run_events_follow_no_archive before insert on run_events
when exists (select 1 from archived_runs where run_id = new.run_id)
begin
    select raise(abort, 'an archived run goes on no more');
end;
