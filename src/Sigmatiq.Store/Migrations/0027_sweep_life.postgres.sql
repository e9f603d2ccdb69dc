-- How many combos of a sweep are evaluated, and how often in a row its worker was lost before it could store anything.
alter table sweeps add column evaluated bigint not null default 0;
alter table sweeps add column lost bigint not null default 0;
update sweeps set evaluated = total where status = 'completed';

-- Words to find a sweep by. A tag is no part of the work: the same work asked for under another word gets both.
create table sweep_tags (
    sweep_id text collate "C" not null references sweeps (sweep_id),
    tag text collate "C" not null,
    primary key (sweep_id, tag)
);

create index sweep_tags_by_tag on sweep_tags (tag);
insert into sweep_tags (sweep_id, tag) select sweep_id, tag from sweeps where tag is not null;
