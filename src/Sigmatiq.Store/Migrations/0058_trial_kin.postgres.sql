-- Which hypotheses were tried under which names. Kin of kin are found here without looking at each of a hundred thousand trials.
create table trial_kin (
    hypothesis_key text collate "C" not null,
    lineage text collate "C" not null,
    primary key (hypothesis_key, lineage)
);

insert into trial_kin select distinct hypothesis_key, lineage from trials;

create index trial_kin_by_lineage on trial_kin (lineage);

create trigger trial_kin_are_never_changed before update on trial_kin for each row execute function refuse_change('kinship of trials is never changed');

create trigger trial_kin_are_never_deleted before delete on trial_kin for each row execute function refuse_change('kinship of trials is never forgotten');

create trigger trial_kin_are_never_emptied before truncate on trial_kin for each statement execute function refuse_change('kinship of trials is never forgotten');
