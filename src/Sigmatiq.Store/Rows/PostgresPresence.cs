using Npgsql;
using Sigmatiq.Store.Leases;

namespace Sigmatiq.Store.Rows;

/// <summary>A lock of a session that does nothing else.</summary>
/// <param name="connectionString">Of the server, without a pool.</param>
/// <param name="name">What is kept.</param>
internal sealed class PostgresPresence(string connectionString, string name) : IPresence
{
    private NpgsqlConnection? session;

    public async Task RenewAsync(CancellationToken ct)
    {
        if (session is { } open)
        {
            try
            {
                await Statements.FirstOrDefaultAsync<int>(open, null, "select 1", null, ct);
                return;
            }
            catch (NpgsqlException)
            {
                session = null;
                await open.DisposeAsync();
            }
        }

        NpgsqlConnection next = new(connectionString);
        try
        {
            await next.OpenAsync(ct);
            // Shared, so that two names of one hash do not wait for each other.
            await Statements.ExecuteAsync(next, null, "select pg_advisory_lock_shared(@LockClass, hashtext(@name))", new { Presences.LockClass, name }, ct);
            session = next;
        }
        catch
        {
            await next.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (session is { } open)
        {
            session = null;
            await open.DisposeAsync();
        }
    }
}
