-- Each record is signed by a key that is kept outside the store; null in records of before the chain was signed.
alter table audit add column mac text;

-- Names the file of heads that is kept beside the key. A column of its own would be under the triggers of the head.
create table audit_seal (
    id integer primary key check (id = 1),
    chain text not null,
    since_seq integer not null
) strict;

-- An approval is written only in the transaction that recorded it, and names that record: the newest of the chain, used once.
alter table approvals add column record_seq integer not null default 0;

create trigger approvals_are_asked_on_record before insert on approvals
when not exists (select 1 from audit where seq = new.record_seq and seq = (select max(seq) from audit) and subject = 'approval:' || new.id)
begin
    select raise(abort, 'an approval is written only with its audit record');
end;

create trigger approvals_change_on_record before update on approvals
when new.id <> old.id or new.record_seq <= old.record_seq
    or not exists (select 1 from audit where seq = new.record_seq and seq = (select max(seq) from audit) and subject = 'approval:' || new.id)
begin
    select raise(abort, 'an approval is written only with its audit record');
end;

create trigger approvals_are_never_deleted before delete on approvals
begin
    select raise(abort, 'an approval is never deleted');
end;

create trigger deployments_begin_on_record before insert on deployments
when not exists (select 1 from audit where seq = (select max(seq) from audit) and subject = 'deployment:' || new.id)
begin
    select raise(abort, 'a deployment is written only with its audit record');
end;
