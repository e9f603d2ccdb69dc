using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Store.Rows;

/// <summary>What the user of the application may do in a database whose tables another user owns: read and add rows everywhere, and change or delete
/// none that are history.</summary>
/// <remarks>Which rows are history is said once, by the triggers of the schema: a table with a trigger <c>…_never_changed</c> gets no update, and no
/// delete unless its trigger <c>…_never_deleted</c> is one that lets some rows go; a table with one that lets none go gets no delete. Nobody but the owner
/// may empty, alter or drop a table, or a trigger.</remarks>
public static class PostgresRights
{
    // The usual number of rounds of the server.
    private const int Iterations = 4096;
    private const int SaltBytes = 16;

    private const string Grant = """
        do $$
        declare
            app text := current_setting('sigmatiq.app');
            t record;
        begin
            execute format('revoke create on schema %I from public', current_schema());
            execute format('grant usage on schema %I to %I', current_schema(), app);
            -- To be read, for a backup; what numbers itself needs no right.
            execute format('grant select on all sequences in schema %I to %I', current_schema(), app);
            for t in select c.oid, c.relname, c.relkind = 'v' as is_view,
                    exists (select 1 from pg_trigger g where g.tgrelid = c.oid and g.tgname like '%_never_changed') as is_history,
                    coalesce((select p.proname = 'refuse_change' from pg_trigger g join pg_proc p on p.oid = g.tgfoid where g.tgrelid = c.oid and g.tgname like '%_never_deleted'),
                        exists (select 1 from pg_trigger g where g.tgrelid = c.oid and g.tgname like '%_never_changed')) as is_kept
                from pg_class c where c.relnamespace = cast(current_schema() as regnamespace) and c.relkind in ('r', 'v') and pg_has_role(c.relowner, 'usage')
            loop
                execute format('revoke all on %I from public, %I', t.relname, app);
                execute format('grant select on %I to %I', t.relname, app);
                continue when t.is_view or t.relname = 'migrations';
                execute format('grant insert on %I to %I', t.relname, app);
                if not t.is_history then
                    execute format('grant update on %I to %I', t.relname, app);
                end if;
                if not t.is_kept then
                    execute format('grant delete on %I to %I', t.relname, app);
                end if;
            end loop;
        end
        $$
        """;

    /// <summary>Gives a user the application's rights, in all tables as they are now; made where there is no such user.</summary>
    /// <param name="owner">The store, opened by the owner of its tables.</param>
    /// <param name="user">Whom.</param>
    /// <param name="password">Their password from now on; null leaves it as it is.</param>
    /// <param name="ct">Stops it; nothing is half given.</param>
    /// <returns>Whether the user was made.</returns>
    /// <exception cref="ProblemException">STO-1011: the owner may not make users. STO-1013: the user owns the tables or is an administrator, whom no
    /// right binds.</exception>
    public static Task<bool> GiveAsync(PostgresRowStore owner, string user, string? password, CancellationToken ct) => owner.InTransactionAsync(async tx =>
    {
        bool isThere = await tx.FirstAsync<bool>("select exists (select 1 from pg_roles where rolname = @user)", new { user }, ct);
        if (isThere && await tx.FirstAsync<bool>(
            """
            select rolsuper or pg_has_role(rolname, current_user, 'usage') or exists (select 1 from pg_tables where schemaname = current_schema() and pg_has_role(r.rolname, tableowner, 'usage'))
              from pg_roles r where rolname = @user
            """,
            new { user }, ct))
        {
            throw new ProblemException("STO-1013", $"The user {user} owns the tables or is an administrator of the server, so no right would bind them.", user,
                "Name a user that only the application signs in as.", ExitCode.BadUsage);
        }

        if (!isThere || password is not null)
        {
            // What travels is what the server stores, so that neither its log nor a listener sees the password.
            string change = await tx.FirstAsync<string>(
                password is null ? "select format('create role %I login', @user)"
                : $"select format('{(isThere ? "alter" : "create")} role %I login password %L', @user, @verifier)",
                new { user, verifier = password is null ? null : Verifier(password) }, ct);
            await tx.ExecuteAsync(change, null, ct);
        }

        await tx.ExecuteAsync("select set_config('sigmatiq.app', @user, true)", new { user }, ct);
        await tx.ExecuteAsync(Grant, null, ct);
        return !isThere;
    }, ct);

    // SCRAM-SHA-256 as RFC 5803 writes it; the server takes it in place of a password.
    private static string Verifier(string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)), salt, Iterations, HashAlgorithmName.SHA256, 32);
        byte[] stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8.ToArray()));
        byte[] server = HMACSHA256.HashData(salted, "Server Key"u8.ToArray());
        return string.Create(CultureInfo.InvariantCulture, $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}");
    }
}
