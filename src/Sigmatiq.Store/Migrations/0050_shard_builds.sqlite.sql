-- The program that a work is done by: shards of one result are of one build.
alter table shard_works add column build text not null default '';
