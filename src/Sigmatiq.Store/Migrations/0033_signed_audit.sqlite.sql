-- Each record is signed by a key that is kept outside the store; null in records of before the chain was signed.
alter table audit add column mac text;

-- Names the file of heads that is kept beside the key. A column of its own would be under the triggers of the head.
create table audit_seal (
    id integer primary key check (id = 1),
    chain text not null,
    since_seq integer not null
) strict;
