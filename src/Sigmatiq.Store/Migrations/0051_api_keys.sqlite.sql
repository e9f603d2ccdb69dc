-- Keys of programs. Of the secret only its hash is kept; which of its owner's rights a key may use is said by its scopes.
create table api_keys (
    id text primary key,
    user_id text not null references users (id),
    name text not null,
    secret_hash text not null,
    scopes text not null,
    made_by text not null,
    created_at_utc text not null,
    expires_at_utc text not null,
    last_used_at_utc text,
    revoked_at_utc text
) strict;

create index api_keys_of_user on api_keys (user_id);
create index sessions_of_user on sessions (user_id);
