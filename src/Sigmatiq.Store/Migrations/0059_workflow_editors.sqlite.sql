-- Who has the designer of a workflow open, by tab; a row that nobody renewed for a while is of somebody who has left.
create table workflow_editors (
    workflow_id text not null,
    user_id text not null references users (id),
    tab_id text not null,
    user_name text not null,
    base_version text,
    seen_at_utc text not null,
    primary key (workflow_id, user_id, tab_id)
) strict;
