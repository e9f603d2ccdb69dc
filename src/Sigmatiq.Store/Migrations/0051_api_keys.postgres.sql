-- Keys of programs. Of the secret only its hash is kept; which of its owner's rights a key may use is said by its scopes.
create table api_keys (
    id text collate "C" primary key,
    user_id text collate "C" not null references users (id),
    name text collate "C" not null,
    secret_hash text collate "C" not null,
    scopes text collate "C" not null,
    made_by text collate "C" not null,
    created_at_utc text collate "C" not null,
    expires_at_utc text collate "C" not null,
    last_used_at_utc text collate "C",
    revoked_at_utc text collate "C"
);

create index api_keys_of_user on api_keys (user_id);
create index sessions_of_user on sessions (user_id);
