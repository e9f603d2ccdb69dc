-- Who may act for the store, with a fencing number that only grows.
create table leases (
    name text primary key,
    owner text not null,
    address text,
    fence integer not null,
    claimed_at_utc text not null,
    expires_at_utc text not null
) strict;

-- Who decided what: append-only, each record bound to the one before.
create table audit (
    seq integer primary key,
    at_utc text not null,
    actor text not null,
    action text not null,
    subject text not null,
    reason text,
    payload text not null,
    prev_hash text not null,
    hash text not null unique
) strict;

create index audit_subject on audit (subject, seq);

create trigger audit_is_never_changed before update on audit
begin
    select raise(abort, 'the audit chain is append-only');
end;

create trigger audit_is_never_deleted before delete on audit
begin
    select raise(abort, 'the audit chain is append-only');
end;

-- 'insert or replace' would delete without firing the trigger above.
create trigger audit_only_grows before insert on audit
when new.seq <> coalesce((select max(seq) from audit), 0) + 1
begin
    select raise(abort, 'the audit chain is append-only');
end;

-- The newest record once more, so that a cut tail is found.
create table audit_head (
    id integer primary key check (id = 1),
    seq integer not null,
    hash text not null
) strict;

insert into audit_head (id, seq, hash) values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

create trigger audit_head_only_grows before update on audit_head
when new.seq < old.seq or new.seq > old.seq + 1 or (new.seq = old.seq and new.hash <> old.hash)
begin
    select raise(abort, 'the audit chain is append-only');
end;

create trigger audit_head_is_never_deleted before delete on audit_head
begin
    select raise(abort, 'the audit chain is append-only');
end;

-- Messages that leave the transaction which caused them, each once by its key.
create table outbox (
    seq integer primary key autoincrement,
    key text not null unique,
    kind text not null,
    payload text not null,
    enqueued_at_utc text not null,
    attempts integer not null default 0,
    last_error text,
    next_attempt_at_utc text not null,
    delivered_at_utc text
) strict;

create index outbox_pending on outbox (next_attempt_at_utc, seq) where delivered_at_utc is null;

create table settings (
    key text primary key,
    value text not null,
    changed_at_utc text not null
) strict;
