-- Every config a model ever had: by it a migration is gone back from, and a sweep finds the config it ran on.
create table model_configs (
    user_id text collate "C" not null,
    model_id text collate "C" not null,
    config_version bigint not null,
    pack_id text collate "C" not null,
    pack_version text collate "C" not null,
    pack_hash text collate "C" not null,
    restores bigint,
    config text collate "C" not null,
    content_hash text collate "C" not null,
    made_at_utc text collate "C" not null,
    primary key (user_id, model_id, config_version)
);

create trigger model_configs_are_never_changed before update on model_configs for each row execute function refuse_change('a config a model once had is history');

create trigger model_configs_are_never_deleted before delete on model_configs for each row execute function refuse_change('a config a model once had is history');

create trigger model_configs_are_never_emptied before truncate on model_configs for each statement execute function refuse_change('a config a model once had is history');
