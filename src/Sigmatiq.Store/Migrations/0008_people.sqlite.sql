create table users (
    id text primary key,
    name text not null,
    plan text not null check (plan in ('free', 'premium', 'pro', 'unlimited')),
    role text not null check (role in ('viewer', 'researcher', 'approver', 'operator', 'admin')),
    created_at_utc text not null,
    disabled_at_utc text
) strict;

-- A secret is never stored, only its hash: whoever reads the database cannot sign in with it.
create table sign_in_links (
    secret_hash text primary key,
    user_id text not null references users (id),
    created_at_utc text not null,
    expires_at_utc text not null,
    used_at_utc text
) strict;

create table sessions (
    secret_hash text primary key,
    user_id text not null references users (id),
    created_at_utc text not null,
    expires_at_utc text not null,
    ended_at_utc text
) strict;
