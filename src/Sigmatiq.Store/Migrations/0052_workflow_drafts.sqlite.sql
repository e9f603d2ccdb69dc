-- What people are writing of workflows and have not saved as a version yet, one draft for each person.
create table workflow_drafts (
    workflow_id text not null,
    user_id text not null references users (id),
    user_name text not null,
    base_version text,
    text text not null,
    saved_at_utc text not null,
    primary key (workflow_id, user_id)
) strict;
