using System.Text.Json.Nodes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.App.Auth;

/// <summary>A user as the store knows them.</summary>
/// <param name="Id">Stable id.</param>
/// <param name="Name">Name on screen.</param>
/// <param name="Role">One of <see cref="Roles.All"/>.</param>
/// <param name="Plan">What sweeps they may run.</param>
/// <param name="CreatedAtUtc">When they were added; null for a local operator who has never signed in.</param>
/// <param name="DisabledAtUtc">Since when they cannot sign in, vote or use a key; null where they can.</param>
public sealed record Account(string Id, string Name, string Role, string Plan, DateTimeOffset? CreatedAtUtc, DateTimeOffset? DisabledAtUtc)
{
    /// <summary>Whether they can sign in, vote and use keys.</summary>
    public bool IsActive => DisabledAtUtc is null;
}

/// <summary>A session that has neither ended nor run out.</summary>
/// <param name="Id">Names it; whoever knows it cannot use it.</param>
/// <param name="CreatedAtUtc">When they signed in.</param>
/// <param name="ExpiresAtUtc">When it runs out.</param>
public sealed record OpenSession(string Id, DateTimeOffset CreatedAtUtc, DateTimeOffset ExpiresAtUtc);

/// <summary>Decisions about users, each with who and why, in the audit chain in the transaction of its effect.</summary>
/// <param name="rows">The store.</param>
/// <param name="audit">The chain.</param>
/// <param name="people">Links and sessions.</param>
/// <param name="clock">The clock.</param>
public sealed class Accounts(IRowStore rows, AuditChain audit, People people, TimeProvider clock)
{
    private const string Select = "select id, name, role, plan, created_at_utc, disabled_at_utc from users";

    /// <summary>All users by id; the local operator also before their first sign-in.</summary>
    public async Task<IReadOnlyList<Account>> ListAsync(CancellationToken ct)
    {
        IReadOnlyList<Account> stored = await rows.QueryAsync<Account>($"{Select} order by id", null, ct);
        return stored.Any(a => a.Id == People.LocalOperator.Id) ? stored : [.. stored.Append(Unsigned).OrderBy(a => a.Id, StringComparer.Ordinal)];
    }

    /// <summary>One user.</summary>
    /// <exception cref="ProblemException">USR-1001: there is none.</exception>
    public Task<Account> FindAsync(string id, CancellationToken ct) => LoadAsync(rows, id, ct);

    /// <summary>Adds a user. The same one again changes nothing.</summary>
    /// <param name="user">Id, name, role and plan.</param>
    /// <param name="by">Id of who decides.</param>
    /// <param name="reason">Why.</param>
    /// <param name="ct">Cancels before it is written.</param>
    /// <exception cref="ProblemException">USR-1002, USR-1003, USR-1005, USR-1006: what is given cannot be. USR-1004: id or name are somebody else's.</exception>
    public Task<Account> AddAsync(Person user, string by, string reason, CancellationToken ct)
    {
        Person added = new(AccountWords.Id(user.Id), AccountWords.Name(user.Name), AccountWords.Role(user.Role), AccountWords.Plan(user.Plan));
        string why = AccountWords.Reason(reason);
        return rows.InTransactionAsync(async tx =>
        {
            // An account is a person: four eyes would take two of one name for one, so that there is only one.
            Voter person = new(added.Id, added.Name, added.Role);
            foreach (Account other in (await tx.QueryAsync<Account>(Select, null, ct)).Append(Unsigned))
            {
                if (other.CreatedAtUtc is not null && (other.Id, other.Name, other.Role, other.Plan) == (added.Id, added.Name, added.Role, added.Plan))
                {
                    return other;
                }

                if (person.Is(other.Id, other.Name))
                {
                    throw new ProblemException("USR-1004", $"{other.Id} ({other.Name}) has this id or name, and four eyes would take the two for one person.", added.Id,
                        "Choose another id and name, or change that user.");
                }
            }

            await people.AddAsync(tx, added, ct);
            await RecordAsync(tx, by, "user.added", added.Id, why, new() { ["name"] = added.Name, ["role"] = added.Role, ["plan"] = added.Plan }, ct);
            return await LoadAsync(tx, added.Id, ct);
        }, ct);
    }

    /// <summary>Gives a user another role; it holds from their next request and vote on.</summary>
    /// <exception cref="ProblemException">USR-1001, USR-1003, USR-1005; USR-1007: they are the last active admin.</exception>
    public Task<Account> ChangeRoleAsync(string id, string role, string by, string reason, CancellationToken ct)
    {
        string given = AccountWords.Role(role);
        return ChangeAsync(id, by, "user.role_changed", reason, a => a with { Role = given }, (before, after) => new() { ["from"] = before.Role, ["to"] = after.Role }, ct);
    }

    /// <summary>Gives a user another plan.</summary>
    /// <exception cref="ProblemException">USR-1001, USR-1003, USR-1006.</exception>
    public Task<Account> ChangePlanAsync(string id, string plan, string by, string reason, CancellationToken ct)
    {
        string given = AccountWords.Plan(plan);
        return ChangeAsync(id, by, "user.plan_changed", reason, a => a with { Plan = given }, (before, after) => new() { ["from"] = before.Plan, ["to"] = after.Plan }, ct);
    }

    /// <summary>Shuts a user out at once: their sessions end, their links and keys are void for good, and they have no vote.</summary>
    /// <exception cref="ProblemException">USR-1001, USR-1003; USR-1007: nobody could administer any more.</exception>
    public Task<Account> DisableAsync(string id, string by, string reason, CancellationToken ct) =>
        ChangeAsync(id, by, "user.disabled", reason, a => a with { DisabledAtUtc = a.DisabledAtUtc ?? clock.GetUtcNow() }, (_, _) => [], ct);

    /// <summary>Lets a user in again, by a new link; what was void stays so.</summary>
    /// <exception cref="ProblemException">USR-1001, USR-1003.</exception>
    public Task<Account> EnableAsync(string id, string by, string reason, CancellationToken ct) =>
        ChangeAsync(id, by, "user.enabled", reason, a => a with { DisabledAtUtc = null }, (_, _) => [], ct);

    /// <summary>Makes a one-time link that signs a user in. Whoever opens it first is that user: the record of it is what shows who made it.</summary>
    /// <returns>The link's secret.</returns>
    /// <exception cref="ProblemException">USR-1001, USR-1003; USR-1009: the user is disabled.</exception>
    public Task<string> LinkAsync(string id, string by, string reason, CancellationToken ct)
    {
        string why = AccountWords.Reason(reason);
        return rows.InTransactionAsync(async tx =>
        {
            (await LoadAsync(tx, id, ct)).RefuseDisabled();
            string secret = await people.NewLinkAsync(tx, id, ct);
            await RecordAsync(tx, by, "user.link_made", id, why, [], ct);
            return secret;
        }, ct);
    }

    /// <summary>The sessions of a user, newest first.</summary>
    /// <exception cref="ProblemException">USR-1001.</exception>
    public async Task<IReadOnlyList<OpenSession>> SessionsAsync(string id, CancellationToken ct)
    {
        await LoadAsync(rows, id, ct);
        return await rows.QueryAsync<OpenSession>(
            $"""
            select substr(secret_hash, 1, {People.SessionIdLength}) as id, created_at_utc, expires_at_utc from sessions
             where user_id = @id and ended_at_utc is null and expires_at_utc > @now order by created_at_utc desc, secret_hash
            """, new { id, now = clock.GetUtcNow() }, ct);
    }

    /// <summary>Ends a user's sessions at once.</summary>
    /// <param name="id">The user.</param>
    /// <param name="session">One of <see cref="SessionsAsync"/>; null ends them all.</param>
    /// <param name="by">Id of who decides.</param>
    /// <param name="reason">Why.</param>
    /// <param name="ct">Cancels before it is written.</param>
    /// <returns>How many ended.</returns>
    /// <exception cref="ProblemException">USR-1001, USR-1003; USR-1011: there is no such session.</exception>
    public Task<int> SignOutAsync(string id, string? session, string by, string reason, CancellationToken ct)
    {
        string why = AccountWords.Reason(reason);
        return rows.InTransactionAsync(async tx =>
        {
            await LoadAsync(tx, id, ct);
            int ended = await tx.ExecuteAsync(
                $"""
                update sessions set ended_at_utc = @now where user_id = @id and ended_at_utc is null and expires_at_utc > @now
                   {(session is null ? "" : $"and substr(secret_hash, 1, {People.SessionIdLength}) = @session")}
                """, new { id, session, now = clock.GetUtcNow() }, ct);
            if (ended == 0 && session is not null)
            {
                throw new ProblemException("USR-1011", $"{id} has no session '{session}'.", "session", "See 'sigmatiq users sessions'.", ExitCode.BadUsage);
            }

            if (ended > 0)
            {
                await RecordAsync(tx, by, "user.signed_out", id, why, new() { ["sessions"] = ended, ["session"] = session }, ct);
            }

            return ended;
        }, ct);
    }

    /// <summary>A user inside a transaction; the local operator is one also before their first sign-in.</summary>
    /// <exception cref="ProblemException">USR-1001: there is none.</exception>
    internal static async Task<Account> LoadAsync(IRows from, string id, CancellationToken ct) =>
        await from.FirstOrDefaultAsync<Account>($"{Select} where id = @id", new { id }, ct)
        ?? (id == People.LocalOperator.Id ? Unsigned : throw new ProblemException("USR-1001", $"There is no user '{id}'.", "user", "See 'sigmatiq users list'.", ExitCode.BadUsage));

    private static Account Unsigned => new(People.LocalOperator.Id, People.LocalOperator.Name, People.LocalOperator.Role, People.LocalOperator.Plan, null, null);

    private Task<Account> ChangeAsync(
        string id, string by, string action, string reason, Func<Account, Account> change, Func<Account, Account, JsonObject> facts, CancellationToken ct)
    {
        string why = AccountWords.Reason(reason);
        return rows.InTransactionAsync(async tx =>
        {
            Account before = await LoadAsync(tx, id, ct), after = change(before);
            if (after == before)
            {
                return before;
            }

            await RefuseLockingOutAsync(tx, before, after, ct);
            await people.AddAsync(tx, new(before.Id, before.Name, before.Role, before.Plan), ct);
            await tx.ExecuteAsync("update users set role = @Role, plan = @Plan, disabled_at_utc = @DisabledAtUtc where id = @Id", after, ct);
            if (!after.IsActive)
            {
                var gone = new { id, now = clock.GetUtcNow() };
                await tx.ExecuteAsync("update sessions set ended_at_utc = @now where user_id = @id and ended_at_utc is null", gone, ct);
                await tx.ExecuteAsync("delete from sign_in_links where user_id = @id and used_at_utc is null", gone, ct);
                await tx.ExecuteAsync("update api_keys set revoked_at_utc = @now where user_id = @id and revoked_at_utc is null", gone, ct);
            }

            await RecordAsync(tx, by, action, id, why, facts(before, after), ct);
            return await LoadAsync(tx, id, ct);
        }, ct);
    }

    // Writers queue: between the count and the change there is nobody else.
    private static async Task RefuseLockingOutAsync(IRows tx, Account before, Account after, CancellationToken ct)
    {
        bool wasAdmin = before is { IsActive: true, Role: Roles.Admin }, isAdmin = after is { IsActive: true, Role: Roles.Admin };
        bool leavesOperator = before.Id == People.LocalOperator.Id && before.IsActive && !after.IsActive;
        if (((wasAdmin && !isAdmin) || leavesOperator)
            && await tx.FirstAsync<int>("select count(*) from users where role = 'admin' and disabled_at_utc is null and id <> @Id", new { before.Id }, ct) == 0)
        {
            throw new ProblemException("USR-1007", wasAdmin ? $"{before.Id} is the last active admin." : $"Without {before.Id} nobody is left who could sign in: there is no active admin.", before.Id,
                "Make somebody else an admin first.");
        }
    }

    private Task RecordAsync(IRowTransaction tx, string by, string action, string user, string reason, JsonObject facts, CancellationToken ct) =>
        audit.AppendAsync(tx, new(by, action, $"user:{user}", reason, facts), ct);
}

/// <summary>What an account may be used for.</summary>
internal static class AccountUse
{
    /// <summary>Goes on only with an active account.</summary>
    /// <exception cref="ProblemException">USR-1009: it is disabled.</exception>
    public static void RefuseDisabled(this Account account)
    {
        if (!account.IsActive)
        {
            throw new ProblemException("USR-1009", $"{account.Id} is disabled.", account.Id, "Enable the user first.");
        }
    }
}
