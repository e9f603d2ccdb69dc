using System.Security.Cryptography;
using System.Text;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.App.Auth;

/// <summary>A user who is signed in.</summary>
/// <param name="Id">Stable id; votes and runs name it.</param>
/// <param name="Name">Name on screen.</param>
/// <param name="Role">Role of spec 08 §8.7.</param>
/// <param name="Plan">What sweeps they may run (spec 02 §2.4).</param>
public sealed record Person(string Id, string Name, string Role, string Plan);

/// <summary>Users, their one-time links and their sessions, as rows. Secrets leave this class once and are kept as hashes.</summary>
public sealed class People(IRowStore rows, TimeProvider clock, IdSource ids)
{
    /// <summary>The one user of a local store.</summary>
    public static readonly Person LocalOperator = new("operator", "local operator", "operator", "unlimited");

    /// <summary>How long a one-time link can be used.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(15);

    /// <summary>How long a session lasts.</summary>
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromDays(7);

    /// <summary>Makes a one-time link secret for the local operator.</summary>
    public Task<string> NewLinkAsync(CancellationToken ct) => NewLinkAsync(LocalOperator, ct);

    /// <summary>Makes a one-time link secret for a user, who is added where the store does not know them yet.</summary>
    internal async Task<string> NewLinkAsync(Person user, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string secret = ids.NextSecret();
        await rows.InTransactionAsync(async tx =>
        {
            await AddAsync(tx, user, ct);
            await tx.ExecuteAsync("delete from sign_in_links where expires_at_utc < @Now", new { Now = now }, ct);
            await tx.ExecuteAsync(
                "insert into sign_in_links (secret_hash, user_id, created_at_utc, expires_at_utc) values (@Hash, @UserId, @Now, @Expires)",
                new { Hash = HashOf(secret), UserId = user.Id, Now = now, Expires = now + LinkLifetime }, ct);
        }, ct).ConfigureAwait(false);
        return secret;
    }

    /// <summary>Adds a user where the store does not know them yet.</summary>
    internal Task AddAsync(IRows into, Person user, CancellationToken ct) => into.ExecuteAsync(
        "insert into users (id, name, role, plan, created_at_utc) values (@Id, @Name, @Role, @Plan, @Now) on conflict (id) do nothing",
        new { user.Id, user.Name, user.Role, user.Plan, Now = clock.GetUtcNow() }, ct);

    /// <summary>Who somebody is at this moment, for their vote: the local operator also before the first sign-in.</summary>
    public static async Task<Voter?> FindVoterAsync(IRows from, string id, CancellationToken ct) =>
        await from.FirstOrDefaultAsync<Voter>("select id, name, role, disabled_at_utc is null as is_active from users where id = @id", new { id }, ct)
        ?? (id == LocalOperator.Id ? new(LocalOperator.Id, LocalOperator.Name, LocalOperator.Role) : null);

    /// <summary>The policy where a workflow names none: strict as soon as there is a further person who may vote.</summary>
    public async Task<FourEyes> FourEyesAsync(CancellationToken ct) => await rows.FirstAsync<int>(
        "select count(*) from users where id <> @Id and role in ('approver', 'admin') and disabled_at_utc is null", new { LocalOperator.Id }, ct) > 0
        ? FourEyes.Strict : FourEyes.Relaxed;

    /// <summary>Turns a link into a session, once.</summary>
    /// <returns>The session's secret, or null where the link is unknown, used or too old.</returns>
    public async Task<string?> RedeemLinkAsync(string link, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string secret = ids.NextSecret();
        bool redeemed = await rows.InTransactionAsync(async tx =>
        {
            // One guarded statement: of two requests with the same link, one finds it unused.
            string? user = await tx.FirstOrDefaultAsync<string>(
                """
                update sign_in_links set used_at_utc = @Now
                 where secret_hash = @Hash and used_at_utc is null and expires_at_utc > @Now
                   and user_id in (select id from users where disabled_at_utc is null)
                returning user_id
                """, new { Hash = HashOf(link), Now = now }, ct);
            if (user is null)
            {
                return false;
            }

            await tx.ExecuteAsync("delete from sessions where expires_at_utc < @Now", new { Now = now }, ct);
            await tx.ExecuteAsync(
                "insert into sessions (secret_hash, user_id, created_at_utc, expires_at_utc) values (@Hash, @UserId, @Now, @Expires)",
                new { Hash = HashOf(secret), UserId = user, Now = now, Expires = now + SessionLifetime }, ct);
            return true;
        }, ct).ConfigureAwait(false);
        return redeemed ? secret : null;
    }

    /// <summary>The user of a session, or null where it is unknown, ended or too old.</summary>
    public Task<Person?> FindSessionAsync(string session, CancellationToken ct) => rows.FirstOrDefaultAsync<Person>(
        """
        select u.id, u.name, u.role, u.plan from sessions s join users u on u.id = s.user_id
         where s.secret_hash = @Hash and s.ended_at_utc is null and s.expires_at_utc > @Now and u.disabled_at_utc is null
        """, new { Hash = HashOf(session), Now = clock.GetUtcNow() }, ct);

    /// <summary>Ends a session.</summary>
    public Task EndSessionAsync(string session, CancellationToken ct) => rows.ExecuteAsync(
        "update sessions set ended_at_utc = @Now where secret_hash = @Hash and ended_at_utc is null",
        new { Hash = HashOf(session), Now = clock.GetUtcNow() }, ct);

    /// <summary>The token that a session's forms carry; whoever does not hold the session's secret cannot make it.</summary>
    public static string FormTokenOf(string session) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(session), "form"u8));

    private static string HashOf(string secret) => ContentHash.Of(secret).Hex;
}
