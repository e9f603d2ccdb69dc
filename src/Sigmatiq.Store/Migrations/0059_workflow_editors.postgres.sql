-- Who has the designer of a workflow open, by tab; a row that nobody renewed for a while is of somebody who has left.
create table workflow_editors (
    workflow_id text collate "C" not null,
    user_id text collate "C" not null references users (id),
    tab_id text collate "C" not null,
    user_name text collate "C" not null,
    base_version text collate "C",
    seen_at_utc text collate "C" not null,
    primary key (workflow_id, user_id, tab_id)
);
