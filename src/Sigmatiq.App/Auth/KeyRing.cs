using System.Text.Json.Nodes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.App.Auth;

/// <summary>A key of a program, without its secret.</summary>
/// <param name="Id">Names it.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">What it lets through, in words of <see cref="KeyScopes.All"/> with spaces between.</param>
/// <param name="MadeBy">Who made it.</param>
/// <param name="CreatedAtUtc">When.</param>
/// <param name="ExpiresAtUtc">Until when it can be used.</param>
/// <param name="LastUsedAtUtc">When it was used, to the minute; null for never.</param>
/// <param name="RevokedAtUtc">Since when it is void; null where it is not.</param>
public sealed record ApiKey(
    string Id, string UserId, string Name, string Scopes, string MadeBy, DateTimeOffset CreatedAtUtc, DateTimeOffset ExpiresAtUtc, DateTimeOffset? LastUsedAtUtc, DateTimeOffset? RevokedAtUtc)
{
    /// <summary>How it stands: <c>active</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public string State(DateTimeOffset now) => RevokedAtUtc is not null ? "revoked" : ExpiresAtUtc <= now ? "expired" : "active";
}

/// <summary>A key that was just made.</summary>
/// <param name="Key">It.</param>
/// <param name="Secret">What the program sends; it is not kept and cannot be shown again.</param>
public sealed record KeyMade(ApiKey Key, string Secret)
{
    /// <summary>A record would print the secret.</summary>
    public override string ToString() => Key.ToString();
}

/// <summary>Decisions about keys, each with who and why, in the audit chain in the transaction of its effect.</summary>
/// <param name="rows">The store.</param>
/// <param name="audit">The chain.</param>
/// <param name="people">Users.</param>
/// <param name="clock">The clock.</param>
/// <param name="ids">Secrets.</param>
public sealed class KeyRing(IRowStore rows, AuditChain audit, People people, TimeProvider clock, IdSource ids)
{
    /// <summary>Longest life of a key, in days.</summary>
    public const int DaysMax = 366;

    /// <summary>Life of a key where nothing else is said, in days.</summary>
    public const int DaysUsual = 90;

    /// <summary>Most keys of one user that can be used at a time.</summary>
    public const int ActiveMax = 50;

    private const string Select = "select id, user_id, name, scopes, made_by, created_at_utc, expires_at_utc, last_used_at_utc, revoked_at_utc from api_keys";

    /// <summary>Keys, newest first.</summary>
    /// <param name="user">Whose; null for everybody's.</param>
    /// <param name="ct">Stops the reading.</param>
    public Task<IReadOnlyList<ApiKey>> ListAsync(string? user, CancellationToken ct) => rows.QueryAsync<ApiKey>(
        $"{Select} {(user is null ? "" : "where user_id = @user")} order by created_at_utc desc, id", new { user }, ct);

    /// <summary>One key.</summary>
    /// <exception cref="ProblemException">KEY-1001: there is none.</exception>
    public Task<ApiKey> FindAsync(string id, CancellationToken ct) => LoadAsync(rows, id, ct);

    /// <summary>Makes a key.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="name">What it is for.</param>
    /// <param name="scopes">What it lets through.</param>
    /// <param name="days">How long it can be used.</param>
    /// <param name="by">Id of who decides.</param>
    /// <param name="reason">Why.</param>
    /// <param name="ct">Cancels before it is written.</param>
    /// <exception cref="ProblemException">KEY-1002: no scope. KEY-1004: a life that is too long or none. KEY-1007: the user has too many. USR-1001, USR-1002, USR-1003,
    /// USR-1009.</exception>
    public Task<KeyMade> MakeAsync(string user, string? name, IReadOnlyCollection<string> scopes, int days, string by, string? reason, CancellationToken ct)
    {
        string why = AccountWords.Reason(reason), called = AccountWords.Name(name), lets = string.Join(' ', KeyScopes.Read(scopes));
        if (days is < 1 or > DaysMax)
        {
            throw new ProblemException("KEY-1004", $"A key cannot live for {days} days.", "days", $"Use 1 to {DaysMax}.", ExitCode.BadUsage);
        }

        KeySecret secret = KeySecret.New(ids);
        DateTimeOffset now = clock.GetUtcNow();
        ApiKey key = new(secret.Id, user, called, lets, by, now, now.AddDays(days), null, null);
        return rows.InTransactionAsync(async tx =>
        {
            Account owner = await Accounts.LoadAsync(tx, user, ct);
            owner.RefuseDisabled();
            if (await tx.FirstAsync<int>("select count(*) from api_keys where user_id = @user and revoked_at_utc is null and expires_at_utc > @now", new { user, now }, ct) >= ActiveMax)
            {
                throw new ProblemException("KEY-1007", $"{user} has {ActiveMax} keys that can be used.", user, "Revoke some first.");
            }

            await people.AddAsync(tx, new(owner.Id, owner.Name, owner.Role, owner.Plan), ct);
            await tx.ExecuteAsync(
                """
                insert into api_keys (id, user_id, name, secret_hash, scopes, made_by, created_at_utc, expires_at_utc)
                values (@Id, @UserId, @Name, @Hash, @Scopes, @MadeBy, @CreatedAtUtc, @ExpiresAtUtc)
                """, new { key.Id, key.UserId, key.Name, secret.Hash, key.Scopes, key.MadeBy, key.CreatedAtUtc, key.ExpiresAtUtc }, ct);
            await audit.AppendAsync(tx, new(by, "key.made", $"key:{key.Id}", why, new JsonObject { ["user"] = user, ["name"] = called, ["scopes"] = lets, ["days"] = days }), ct);
            return new KeyMade(key, secret.Text);
        }, ct);
    }

    /// <summary>Makes a key void, from its next request on; again changes nothing.</summary>
    /// <exception cref="ProblemException">KEY-1001: there is none. USR-1003: no reason.</exception>
    public Task<ApiKey> RevokeAsync(string id, string by, string? reason, CancellationToken ct)
    {
        string why = AccountWords.Reason(reason);
        return rows.InTransactionAsync(async tx =>
        {
            ApiKey key = await LoadAsync(tx, id, ct);
            if (await tx.ExecuteAsync("update api_keys set revoked_at_utc = @now where id = @id and revoked_at_utc is null", new { id, now = clock.GetUtcNow() }, ct) == 1)
            {
                await audit.AppendAsync(tx, new(by, "key.revoked", $"key:{id}", why, new JsonObject { ["user"] = key.UserId }), ct);
            }

            return await LoadAsync(tx, id, ct);
        }, ct);
    }

    private static async Task<ApiKey> LoadAsync(IRows from, string id, CancellationToken ct) => await from.FirstOrDefaultAsync<ApiKey>($"{Select} where id = @id", new { id }, ct)
        ?? throw new ProblemException("KEY-1001", $"There is no key '{id}'.", "key", "See 'sigmatiq keys list'.", ExitCode.BadUsage);
}
