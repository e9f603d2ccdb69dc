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

/// <summary>Users, their one-time links, sessions and keys, as rows. Secrets leave this class once and are kept as hashes.</summary>
public sealed class People(IRowStore rows, TimeProvider clock, IdSource ids)
{
    /// <summary>The one user of a local store.</summary>
    public static readonly Person LocalOperator = new("operator", "local operator", "operator", "unlimited");

    /// <summary>How long a one-time link can be used.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(15);

    /// <summary>How long a session lasts.</summary>
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromDays(7);

    /// <summary>How often the use of a key is noted: a program that asks a thousand times a minute writes once.</summary>
    public static readonly TimeSpan UseNotedEvery = TimeSpan.FromMinutes(1);

    /// <summary>Makes a one-time link secret for the local operator.</summary>
    public Task<string> NewLinkAsync(CancellationToken ct) => NewLinkAsync(LocalOperator, ct);

    /// <summary>Makes a one-time link secret for a user, who is added where the store does not know them yet.</summary>
    internal Task<string> NewLinkAsync(Person user, CancellationToken ct) => rows.InTransactionAsync(async tx =>
    {
        await AddAsync(tx, user, ct);
        return await NewLinkAsync(tx, user.Id, ct);
    }, ct);

    /// <summary>Makes a one-time link secret for a user of the store, in a transaction that records why.</summary>
    internal async Task<string> NewLinkAsync(IRows into, string user, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string secret = ids.NextSecret();
        await into.ExecuteAsync("delete from sign_in_links where expires_at_utc < @Now", new { Now = now }, ct);
        await into.ExecuteAsync(
            "insert into sign_in_links (secret_hash, user_id, created_at_utc, expires_at_utc) values (@Hash, @UserId, @Now, @Expires)",
            new { Hash = HashOf(secret), UserId = user, Now = now, Expires = now + LinkLifetime }, ct);
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

    /// <summary>Who a key stands for at this moment, or null where it is unknown, void or too old, or its owner is disabled.</summary>
    /// <param name="key">As the program sent it.</param>
    /// <param name="ct">Stops the look.</param>
    public async Task<Caller?> FindKeyAsync(string key, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (KeySecret.Read(key) is not { } given || await rows.FirstOrDefaultAsync<FoundKey>(
            """
            select k.secret_hash, k.scopes, k.last_used_at_utc, u.id, u.name, u.role, u.plan from api_keys k join users u on u.id = k.user_id
             where k.id = @Id and k.revoked_at_utc is null and k.expires_at_utc > @now and u.disabled_at_utc is null
            """, new { given.Id, now }, ct) is not { } found || !given.Is(found.SecretHash))
        {
            return null;
        }

        if (found.LastUsedAtUtc is not { } last || now - last >= UseNotedEvery)
        {
            // Of requests at once one writes; the others find it noted.
            await rows.ExecuteAsync("update api_keys set last_used_at_utc = @now where id = @Id and (last_used_at_utc is null or last_used_at_utc <= @before)",
                new { given.Id, now, before = now - UseNotedEvery }, ct);
        }

        return new(new(found.Id, found.Name, found.Role, found.Plan), given.Id, found.Scopes.Split(' '));
    }

    /// <summary>Ends a session.</summary>
    public Task EndSessionAsync(string session, CancellationToken ct) => rows.ExecuteAsync(
        "update sessions set ended_at_utc = @Now where secret_hash = @Hash and ended_at_utc is null",
        new { Hash = HashOf(session), Now = clock.GetUtcNow() }, ct);

    /// <summary>The token that a session's forms carry; whoever does not hold the session's secret cannot make it.</summary>
    public static string FormTokenOf(string session) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(session), "form"u8));

    /// <summary>So much of its hash names a session among those of a user; nobody can sign in with it.</summary>
    internal const int SessionIdLength = 16;

    /// <summary>What names a session in lists.</summary>
    internal static string SessionIdOf(string session) => HashOf(session)[..SessionIdLength];

    private static string HashOf(string secret) => ContentHash.Of(secret).Hex;

    private sealed record FoundKey(string SecretHash, string Scopes, DateTimeOffset? LastUsedAtUtc, string Id, string Name, string Role, string Plan);
}
