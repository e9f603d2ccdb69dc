-- Which hypotheses were tried under which names. Kin of kin are found here without looking at each of a hundred thousand trials.
create table trial_kin (
    hypothesis_key text not null,
    lineage text not null,
    primary key (hypothesis_key, lineage)
) strict;

insert into trial_kin select distinct hypothesis_key, lineage from trials;

create index trial_kin_by_lineage on trial_kin (lineage);

create trigger trial_kin_are_never_changed before update on trial_kin
begin
    select raise(abort, 'kinship of trials is never changed');
end;

create trigger trial_kin_are_never_deleted before delete on trial_kin
begin
    select raise(abort, 'kinship of trials is never forgotten');
end;
