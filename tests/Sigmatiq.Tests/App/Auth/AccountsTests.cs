using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Tests.App.Auth;

/// <summary>Decisions about users and keys, on both stores.</summary>
public abstract class AccountsTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly RunningServer.StepClock clock = new(new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));
    private TestRows store = null!;
    private People people = null!;
    private Accounts accounts = null!;
    private KeyRing keys = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IRowStore Rows => store.Rows;

    public async ValueTask InitializeAsync()
    {
        store = await TestRows.CreateAsync(new DataDirectory(folder.Path), clock);
        IdSource ids = IdSource.FromSystem(clock);
        people = new(Rows, clock, ids);
        accounts = new(Rows, new AuditChain(clock), people, clock);
        keys = new(Rows, new AuditChain(clock), people, clock, ids);
    }

    public async ValueTask DisposeAsync()
    {
        (await AuditChain.VerifyAsync(Rows, null, Ct)).Intact.Should().BeTrue();
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_user_is_added_changed_shut_out_and_let_in_with_who_and_why_on_record()
    {
        Account ada = await AddAsync("ada", "Ada Vale", "admin");
        Account ana = await AddAsync("ana", "Ana Ruiz", "viewer", by: "ada");
        (ana.Role, ana.Plan, ana.IsActive, ana.CreatedAtUtc).Should().Be(("viewer", "free", true, clock.Now));
        (await accounts.ChangeRoleAsync("ana", "approver", "ada", "she votes from now on", Ct)).Role.Should().Be("approver");
        (await accounts.ChangePlanAsync("ana", "pro", "ada", "larger sweeps", Ct)).Plan.Should().Be("pro");
        (await accounts.DisableAsync("ana", "ada", "on leave", Ct)).DisabledAtUtc.Should().Be(clock.Now);
        (await People.FindVoterAsync(Rows, "ana", Ct)).Should().Be(new Voter("ana", "Ana Ruiz", "approver", IsActive: false));
        (await accounts.EnableAsync("ana", "ada", "back", Ct)).IsActive.Should().BeTrue();
        (await accounts.ListAsync(Ct)).Select(a => $"{a.Id} {a.Role}").Should().Equal("ada admin", "ana approver", "operator operator");
        IReadOnlyList<AuditRecord> records = await AuditChain.OfSubjectAsync(Rows, "user:ana", Ct);
        records.Select(r => $"{r.Actor} {r.Action} {r.Reason}").Should().Equal(
            "ada user.added joins", "ada user.role_changed she votes from now on", "ada user.plan_changed larger sweeps", "ada user.disabled on leave", "ada user.enabled back");
        JsonNode.Parse(records[1].Payload)!.ToJsonString().Should().Be("""{"from":"viewer","to":"approver"}""");
        ada.IsActive.Should().BeTrue();
    }

    [Fact]
    public async Task The_same_decision_again_changes_nothing_and_leaves_no_record()
    {
        await AddAsync("ada", "Ada Vale", "admin");
        await AddAsync("ada", "Ada Vale", "admin");
        await accounts.ChangeRoleAsync("ada", "admin", "operator", "again", Ct);
        await accounts.EnableAsync("ada", "operator", "again", Ct);
        (await AuditChain.OfSubjectAsync(Rows, "user:ada", Ct)).Should().ContainSingle();
    }

    [Fact]
    public async Task An_account_is_one_person_and_a_person_has_one_account()
    {
        await AddAsync("ana", "Ana Ruiz", "approver");
        await RefusedAsync("USR-1004", () => AddAsync("ana", "Somebody Else", "viewer"));
        await RefusedAsync("USR-1004", () => AddAsync("ana2", "ANA  ruiz", "viewer"));
        await RefusedAsync("USR-1004", () => AddAsync("operator", "Olga", "admin"));
        await RefusedAsync("USR-1004", () => AddAsync("olga", "Local Operator", "admin"));
        (await accounts.ListAsync(Ct)).Should().HaveCount(2);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_before_anything_is_written()
    {
        await RefusedAsync("USR-1002", () => AddAsync("Ana Ruiz", "Ana", "viewer"));
        await RefusedAsync("USR-1002", () => AddAsync("ana", "Ana\u202e", "viewer"));
        await RefusedAsync("USR-1005", () => AddAsync("ana", "Ana", "root"));
        await RefusedAsync("USR-1006", () => accounts.AddAsync(new("ana", "Ana", "viewer", "gold"), "operator", "joins", Ct));
        await RefusedAsync("USR-1003", () => accounts.AddAsync(new("ana", "Ana", "viewer", "free"), "operator", " ", Ct));
        await RefusedAsync("USR-1001", () => accounts.FindAsync("ana", Ct));
        await RefusedAsync("USR-1001", () => accounts.ChangeRoleAsync("ana", "viewer", "operator", "x", Ct));
        await RefusedAsync("USR-1001", () => accounts.SessionsAsync("ana", Ct));
        await RefusedAsync("USR-1001", () => accounts.LinkAsync("ana", "operator", "x", Ct));
        await AddAsync("ana", "Ana", "viewer");
        await RefusedAsync("USR-1005", () => accounts.ChangeRoleAsync("ana", "root", "operator", "x", Ct));
        await RefusedAsync("USR-1006", () => accounts.ChangePlanAsync("ana", "gold", "operator", "x", Ct));
        await RefusedAsync("USR-1003", () => accounts.DisableAsync("ana", "operator", "", Ct));
        await RefusedAsync("USR-1011", () => accounts.SignOutAsync("ana", "0123456789abcdef", "operator", "x", Ct));
        (await Rows.FirstAsync<int>("select count(*) from audit", null, Ct)).Should().Be(1);
    }

    [Fact]
    public async Task The_last_active_admin_stays_one()
    {
        await AddAsync("ada", "Ada", "admin");
        await AddAsync("bea", "Bea", "admin");
        await accounts.DisableAsync("bea", "ada", "left", Ct);
        await RefusedAsync("USR-1007", () => accounts.DisableAsync("ada", "ada", "left", Ct));
        await RefusedAsync("USR-1007", () => accounts.ChangeRoleAsync("ada", "viewer", "ada", "less", Ct));
        await accounts.EnableAsync("bea", "ada", "back", Ct);
        (await accounts.ChangeRoleAsync("ada", "viewer", "bea", "less", Ct)).Role.Should().Be("viewer");
        await RefusedAsync("USR-1007", () => accounts.ChangeRoleAsync("bea", "operator", "bea", "less", Ct));
    }

    [Fact]
    public async Task Where_there_is_no_admin_the_local_operator_cannot_be_shut_out()
    {
        await RefusedAsync("USR-1007", () => accounts.DisableAsync("operator", "operator", "x", Ct));
        await AddAsync("ada", "Ada", "admin");
        (await accounts.DisableAsync("operator", "ada", "a server has users of its own", Ct)).IsActive.Should().BeFalse();
        (await People.FindVoterAsync(Rows, "operator", Ct))!.IsActive.Should().BeFalse();
    }

    [Fact]
    public async Task Of_two_admins_who_shut_each_other_out_at_once_one_stays()
    {
        for (int round = 0; round < 5; round++)
        {
            string a = $"a{round}", b = $"b{round}";
            await AddAsync(a, $"First {round}", "admin");
            await AddAsync(b, $"Second {round}", "admin");
            if (round > 0)
            {
                foreach (Account earlier in (await accounts.ListAsync(Ct)).Where(u => u.Role == "admin" && u.IsActive && u.Id != a && u.Id != b))
                {
                    await accounts.DisableAsync(earlier.Id, a, "next round", Ct);
                }
            }

            string?[] outcomes = await Task.WhenAll(
                Task.Run(() => CodeAsync(() => accounts.DisableAsync(b, a, "you go", Ct))), Task.Run(() => CodeAsync(() => accounts.DisableAsync(a, b, "no, you", Ct))));
            outcomes.Should().BeEquivalentTo([null, "USR-1007"]);
            (await accounts.ListAsync(Ct)).Count(u => u.Role == "admin" && u.IsActive).Should().Be(1);
        }
    }

    [Fact]
    public async Task A_disabled_user_is_out_by_every_door_at_once_and_comes_back_by_new_ones_alone()
    {
        await AddAsync("ada", "Ada", "admin");
        await AddAsync("ana", "Ana", "approver");
        string first = await SignInAsync("ana"), second = await SignInAsync("ana"), link = await accounts.LinkAsync("ana", "ada", "for her phone", Ct);
        string key = (await keys.MakeAsync("ana", "cron", ["vote"], 30, "ada", "nightly", Ct)).Secret;
        (await people.FindKeyAsync(key, Ct))!.Person.Id.Should().Be("ana");
        await accounts.DisableAsync("ana", "ada", "left", Ct);
        await OutAsync();
        await RefusedAsync("USR-1009", () => accounts.LinkAsync("ana", "ada", "x", Ct));
        await RefusedAsync("USR-1009", () => keys.MakeAsync("ana", "cron", ["vote"], 30, "ada", "x", Ct));
        await accounts.EnableAsync("ana", "ada", "back", Ct);
        await OutAsync();
        (await people.FindSessionAsync(await SignInAsync("ana"), Ct))!.Id.Should().Be("ana");

        async Task OutAsync()
        {
            foreach (string session in (string[])[first, second])
            {
                (await people.FindSessionAsync(session, Ct)).Should().BeNull();
            }

            (await people.RedeemLinkAsync(link, Ct)).Should().BeNull();
            (await people.FindKeyAsync(key, Ct)).Should().BeNull();
        }
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_one_by_one_or_all()
    {
        await AddAsync("ana", "Ana", "approver");
        await AddAsync("eva", "Eva", "viewer");
        string first = await SignInAsync("ana"), other = await SignInAsync("eva");
        clock.Now += TimeSpan.FromHours(1);
        string second = await SignInAsync("ana"), third = await SignInAsync("ana");
        IReadOnlyList<OpenSession> open = await accounts.SessionsAsync("ana", Ct);
        open.Should().HaveCount(3).And.OnlyHaveUniqueItems();
        open[^1].Id.Should().Be(People.SessionIdOf(first), "the newest comes first");
        open.Select(s => s.Id).Should().OnlyContain(id => !first.Contains(id) && !second.Contains(id) && !third.Contains(id), "an id is no part of a secret");
        (await accounts.SignOutAsync("ana", People.SessionIdOf(first), "ada", "lost phone", Ct)).Should().Be(1);
        (await people.FindSessionAsync(first, Ct)).Should().BeNull();
        (await people.FindSessionAsync(second, Ct)).Should().NotBeNull();
        (await accounts.SignOutAsync("ana", null, "ada", "password of the laptop leaked", Ct)).Should().Be(2);
        (await accounts.SessionsAsync("ana", Ct)).Should().BeEmpty();
        (await people.FindSessionAsync(other, Ct))!.Id.Should().Be("eva");
        (await AuditChain.OfSubjectAsync(Rows, "user:ana", Ct)).Count(r => r.Action == "user.signed_out").Should().Be(2);
    }

    [Fact]
    public async Task A_key_is_shown_once_kept_as_a_hash_and_stands_for_its_owner()
    {
        await AddAsync("ana", "Ana", "researcher");
        KeyMade made = await keys.MakeAsync("ana", "nightly sweeps", ["run", "read"], 30, "ada", "for the cron job", Ct);
        made.Secret.Should().MatchRegex("^sgq_[0-9a-f]{12}_[0-9a-f]{64}$").And.Contain(made.Key.Id);
        $"{made}".Should().NotContain(made.Secret);
        Caller caller = (await people.FindKeyAsync(made.Secret, Ct))!;
        (caller.Person, caller.Key).Should().Be((new Person("ana", "Ana", "researcher", "free"), made.Key.Id));
        caller.Rights.Should().BeEquivalentTo([Right.Read, Right.Plan, Right.Run]);
        (await Rows.QueryAsync<string>("select secret_hash from api_keys", null, Ct)).Should().OnlyContain(h => !made.Secret.Contains(h));
        await accounts.ChangeRoleAsync("ana", "viewer", "ada", "less", Ct);
        (await people.FindKeyAsync(made.Secret, Ct))!.Rights.Should().BeEquivalentTo([Right.Read], "a key never has more rights than its owner has now");
        ApiKey listed = (await keys.ListAsync("ana", Ct)).Single();
        (listed.Name, listed.Scopes, listed.MadeBy, listed.State(clock.Now)).Should().Be(("nightly sweeps", "read run", "ada", "active"));
        (await keys.ListAsync("eva", Ct)).Should().BeEmpty();
        (await AuditChain.OfSubjectAsync(Rows, $"key:{made.Key.Id}", Ct)).Should().ContainSingle().Which.Payload.Should().NotContain(made.Secret[^64..]);
    }

    [Fact]
    public async Task A_key_that_is_wrong_revoked_or_too_old_stands_for_nobody()
    {
        await AddAsync("ana", "Ana", "researcher");
        KeyMade made = await keys.MakeAsync("ana", "cron", ["run"], 30, "ada", "x", Ct), other = await keys.MakeAsync("ana", "other", ["run"], 366, "ada", "x", Ct);
        string swapped = $"sgq_{made.Key.Id}_{other.Secret[^64..]}", flipped = made.Secret[..^1] + (made.Secret[^1] == '0' ? '1' : '0');
        foreach (string wrong in (string[])["", "sgq_", swapped, flipped, made.Secret + " ", made.Secret.ToUpperInvariant(), made.Secret[..^1], made.Secret + "0", $"sgq_{new string('0', 12)}_{new string('0', 64)}"])
        {
            (await people.FindKeyAsync(wrong, Ct)).Should().BeNull(wrong);
        }

        ApiKey revoked = await keys.RevokeAsync(made.Key.Id, "ada", "leaked", Ct);
        revoked.State(clock.Now).Should().Be("revoked");
        (await people.FindKeyAsync(made.Secret, Ct)).Should().BeNull();
        clock.Now += TimeSpan.FromHours(1);
        (await keys.RevokeAsync(made.Key.Id, "ada", "again", Ct)).RevokedAtUtc.Should().Be(revoked.RevokedAtUtc);
        (await AuditChain.OfSubjectAsync(Rows, $"key:{made.Key.Id}", Ct)).Select(r => r.Action).Should().Equal("key.made", "key.revoked");
        clock.Now = other.Key.ExpiresAtUtc - TimeSpan.FromTicks(10);
        (await people.FindKeyAsync(other.Secret, Ct)).Should().NotBeNull();
        clock.Now = other.Key.ExpiresAtUtc;
        (await people.FindKeyAsync(other.Secret, Ct)).Should().BeNull();
        (await keys.FindAsync(other.Key.Id, Ct)).State(clock.Now).Should().Be("expired");
    }

    [Fact]
    public async Task What_a_key_cannot_be_is_refused()
    {
        await AddAsync("ana", "Ana", "researcher");
        await RefusedAsync("KEY-1002", () => keys.MakeAsync("ana", "cron", ["all"], 30, "ada", "x", Ct));
        await RefusedAsync("KEY-1002", () => keys.MakeAsync("ana", "cron", [], 30, "ada", "x", Ct));
        await RefusedAsync("KEY-1004", () => keys.MakeAsync("ana", "cron", ["run"], 0, "ada", "x", Ct));
        await RefusedAsync("KEY-1004", () => keys.MakeAsync("ana", "cron", ["run"], 367, "ada", "x", Ct));
        await RefusedAsync("USR-1002", () => keys.MakeAsync("ana", "cr\u0000n", ["run"], 30, "ada", "x", Ct));
        await RefusedAsync("USR-1003", () => keys.MakeAsync("ana", "cron", ["run"], 30, "ada", null, Ct));
        await RefusedAsync("USR-1001", () => keys.MakeAsync("nobody", "cron", ["run"], 30, "ada", "x", Ct));
        await RefusedAsync("KEY-1001", () => keys.RevokeAsync("000000000000", "ada", "x", Ct));
        for (int i = 0; i < KeyRing.ActiveMax; i++)
        {
            await keys.MakeAsync("ana", "cron", ["run"], 30, "ada", "x", Ct);
        }

        await RefusedAsync("KEY-1007", () => keys.MakeAsync("ana", "cron", ["run"], 30, "ada", "x", Ct));
        await keys.RevokeAsync((await keys.ListAsync("ana", Ct))[0].Id, "ada", "x", Ct);
        await keys.MakeAsync("ana", "cron", ["run"], 30, "ada", "x", Ct);
    }

    [Fact]
    public async Task The_use_of_a_key_is_noted_at_most_once_a_minute()
    {
        await AddAsync("ana", "Ana", "researcher");
        KeyMade made = await keys.MakeAsync("ana", "cron", ["run"], 30, "ada", "x", Ct);
        DateTimeOffset start = clock.Now;
        List<DateTimeOffset?> noted = [];
        foreach (int seconds in (int[])[0, 1, 59, 60, 61, 119, 125])
        {
            clock.Now = start.AddSeconds(seconds);
            await people.FindKeyAsync(made.Secret, Ct);
            noted.Add((await keys.FindAsync(made.Key.Id, Ct)).LastUsedAtUtc);
        }

        noted.Should().Equal(start, start, start, start.AddSeconds(60), start.AddSeconds(60), start.AddSeconds(60), start.AddSeconds(125));
    }

    [Fact]
    public async Task The_local_operator_has_a_key_before_their_first_sign_in()
    {
        KeyMade made = await keys.MakeAsync("operator", "backup", ["read"], 30, "operator", "nightly", Ct);
        (await people.FindKeyAsync(made.Secret, Ct))!.Person.Should().Be(People.LocalOperator);
    }

    private Task<Account> AddAsync(string id, string name, string role, string by = "operator") => accounts.AddAsync(new(id, name, role, "free"), by, "joins", Ct);

    private async Task<string> SignInAsync(string user) => (await people.RedeemLinkAsync(await accounts.LinkAsync(user, "ada", "first sign-in", Ct), Ct))!;

    private static async Task<string?> CodeAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (ProblemException e)
        {
            return e.Problem.Code;
        }
    }

    private static async Task RefusedAsync(string code, Func<Task> act) => (await CodeAsync(act)).Should().Be(code);
}

public sealed class AccountsOnSqliteTests : AccountsTests;

[OnStore(StoreEngine.Postgres)]
public sealed class AccountsOnPostgresTests : AccountsTests;
