create table users (
    id text collate "C" primary key,
    name text collate "C" not null,
    plan text collate "C" not null check (plan in ('free', 'premium', 'pro', 'unlimited')),
    role text collate "C" not null check (role in ('viewer', 'researcher', 'approver', 'operator', 'admin')),
    created_at_utc text collate "C" not null,
    disabled_at_utc text collate "C"
);

-- A secret is never stored, only its hash: whoever reads the database cannot sign in with it.
create table sign_in_links (
    secret_hash text collate "C" primary key,
    user_id text collate "C" not null references users (id),
    created_at_utc text collate "C" not null,
    expires_at_utc text collate "C" not null,
    used_at_utc text collate "C"
);

create table sessions (
    secret_hash text collate "C" primary key,
    user_id text collate "C" not null references users (id),
    created_at_utc text collate "C" not null,
    expires_at_utc text collate "C" not null,
    ended_at_utc text collate "C"
);
