-- Each record is signed by a key that is kept outside the store; null in records of before the chain was signed.
alter table audit add column mac text collate "C";

-- Names the file of heads that is kept beside the key. A column of its own would be under the triggers of the head.
create table audit_seal (
    id bigint primary key check (id = 1),
    chain text collate "C" not null,
    since_seq bigint not null
);

-- An approval is written only in the transaction that recorded it, and names that record: the newest of the chain, used once.
alter table approvals add column record_seq bigint not null default 0;

create function refuse_without_record() returns trigger language plpgsql as $$
declare
    is_on_record boolean;
begin
    execute format('select exists (select 1 from %1$I.audit where seq = $1 and seq = (select max(seq) from %1$I.audit) and subject = $2)', tg_table_schema)
        into is_on_record using new.record_seq, 'approval:' || new.id;
    if is_on_record and tg_op = 'UPDATE' then
        is_on_record := new.id = old.id and new.record_seq > old.record_seq;
    end if;
    if not is_on_record then
        raise exception using errcode = 'restrict_violation', message = 'an approval is written only with its audit record';
    end if;
    return new;
end
$$;

create trigger approvals_are_asked_on_record before insert on approvals for each row execute function refuse_without_record();

create trigger approvals_change_on_record before update on approvals for each row execute function refuse_without_record();

create trigger approvals_are_never_deleted before delete on approvals for each row execute function refuse_change('an approval is never deleted');

create trigger approvals_are_never_emptied before truncate on approvals for each statement execute function refuse_change('an approval is never deleted');

create function refuse_unrecorded_deployment() returns trigger language plpgsql as $$
declare
    is_on_record boolean;
begin
    execute format('select exists (select 1 from %1$I.audit where seq = (select max(seq) from %1$I.audit) and subject = $1)', tg_table_schema)
        into is_on_record using 'deployment:' || new.id;
    if not is_on_record then
        raise exception using errcode = 'restrict_violation', message = 'a deployment is written only with its audit record';
    end if;
    return new;
end
$$;

create trigger deployments_begin_on_record before insert on deployments for each row execute function refuse_unrecorded_deployment();
