-- What people are writing of workflows and have not saved as a version yet, one draft for each person.
create table workflow_drafts (
    workflow_id text collate "C" not null,
    user_id text collate "C" not null references users (id),
    user_name text collate "C" not null,
    base_version text collate "C",
    text text collate "C" not null,
    saved_at_utc text collate "C" not null,
    primary key (workflow_id, user_id)
);
