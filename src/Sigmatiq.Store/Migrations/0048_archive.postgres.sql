-- Files that hold the journals of runs which the store itself keeps no longer; each is entered in the transaction of its audit record.
create table run_archives (
    archive_hash text collate "C" primary key,
    path text collate "C" not null unique,
    runs bigint not null,
    bytes bigint not null,
    made_at_utc text collate "C" not null
);

create function refuse_unrecorded_archive() returns trigger language plpgsql as $$
declare
    is_on_record boolean;
begin
    execute format('select exists (select 1 from %1$I.audit where seq = (select max(seq) from %1$I.audit) and subject = $1)', tg_table_schema)
        into is_on_record using 'archive:' || new.archive_hash;
    if not is_on_record then
        raise exception using errcode = 'restrict_violation', message = 'an archive is entered only with its audit record';
    end if;
    return new;
end
$$;

create trigger run_archives_begin_on_record before insert on run_archives for each row execute function refuse_unrecorded_archive();

create trigger run_archives_are_never_changed before update on run_archives for each row execute function refuse_change('an archive is never changed');

create trigger run_archives_are_never_deleted before delete on run_archives for each row execute function refuse_change('an archive is never forgotten');

create trigger run_archives_are_never_emptied before truncate on run_archives for each statement execute function refuse_change('an archive is never forgotten');

-- Which run lies in which file.
create table archived_runs (
    run_id text collate "C" primary key references runs (run_id),
    archive_hash text collate "C" not null references run_archives (archive_hash)
);

create function refuse_open_run() returns trigger language plpgsql as $$
declare
    has_ended boolean;
begin
    execute format('select exists (select 1 from %1$I.runs where run_id = $1 and ended_at_utc is not null)', tg_table_schema) into has_ended using new.run_id;
    if not has_ended then
        raise exception using errcode = 'restrict_violation', message = 'only a run that has ended is archived';
    end if;
    return new;
end
$$;

create trigger archived_runs_have_ended before insert on archived_runs for each row execute function refuse_open_run();

create trigger archived_runs_are_never_changed before update on archived_runs for each row execute function refuse_change('an archive is never changed');

create trigger archived_runs_are_never_deleted before delete on archived_runs for each row execute function refuse_change('an archive is never forgotten');

create trigger archived_runs_are_never_emptied before truncate on archived_runs for each statement execute function refuse_change('an archive is never forgotten');

-- The journal stays append-only, but for runs that lie in an archive; and these go on no more.
create function refuse_unarchived() returns trigger language plpgsql as $$
declare
    is_archived boolean;
    run text;
begin
    run := case tg_op when 'DELETE' then old.run_id else new.run_id end;
    execute format('select exists (select 1 from %1$I.archived_runs where run_id = $1)', tg_table_schema) into is_archived using run;
    if tg_op = 'DELETE' then
        if not is_archived then
            raise exception using errcode = 'restrict_violation', message = 'the journal is append-only';
        end if;
        return old;
    end if;
    if is_archived then
        raise exception using errcode = 'restrict_violation', message = 'an archived run goes on no more';
    end if;
    return new;
end
$$;

drop trigger run_events_are_never_deleted on run_events;

create trigger run_events_are_never_deleted before delete on run_events for each row execute function refuse_unarchived();

create trigger run_events_follow_no_archive before insert on run_events for each row execute function refuse_unarchived();
