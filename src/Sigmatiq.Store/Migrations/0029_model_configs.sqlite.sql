-- Every config a model ever had: by it a migration is gone back from, and a sweep finds the config it ran on.
create table model_configs (
    user_id text not null,
    model_id text not null,
    config_version integer not null,
    pack_id text not null,
    pack_version text not null,
    pack_hash text not null,
    restores integer,
    config text not null,
    content_hash text not null,
    made_at_utc text not null,
    primary key (user_id, model_id, config_version)
) strict;

create trigger model_configs_are_never_changed before update on model_configs
begin
    select raise(abort, 'a config a model once had is history');
end;

create trigger model_configs_are_never_deleted before delete on model_configs
begin
    select raise(abort, 'a config a model once had is history');
end;
