using System.Text.Json.Nodes;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store.Audit;

public abstract class AuditChainTests(StoreEngine engine) : IAsyncLifetime
{
    private StoreFixture store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = await StoreFixture.CreateAsync(engine);
        for (int i = 1; i <= 5; i++)
        {
            store.Clock.Advance(TimeSpan.FromMinutes(1));
            await AppendAsync(i);
        }
    }

    [Fact]
    public async Task An_untouched_chain_is_intact_to_its_head()
    {
        AuditVerdict verdict = await AuditChain.VerifyAsync(store.Rows, null, Ct);
        verdict.Intact.Should().BeTrue();
        verdict.Records.Should().Be(5);
        verdict.Head.Should().Be(await AuditChain.HeadAsync(store.Rows, Ct));
        (await AuditChain.OfSubjectAsync(store.Rows, "run:3", Ct)).Should().ContainSingle().Which.AtUtc.Should().Be("2026-03-02T14:33:00.000000Z");
    }

    [Fact]
    public async Task The_first_link_is_the_hash_that_anyone_can_compute()
    {
        await foreach (AuditRecord first in AuditChain.ReadAsync(store.Rows, 0, Ct))
        {
            // The canonical JSON written out by hand: keys in order, no spaces, the payload as a text.
            string json = """{"action":"approval.approve","actor":"ana","at_utc":"2026-03-02T14:31:00.000000Z","payload":"{\"digest\":\"d1\"}","prev_hash":"0000000000000000000000000000000000000000000000000000000000000000","reason":"because 1","seq":1,"subject":"run:1"}""";
            first.Hash.Should().Be(ContentHash.Of(json).Hex);
            break;
        }
    }

    [Theory]
    [InlineData("update audit set reason = 'another' where seq = 3", "STO-4001", 3)]
    [InlineData("update audit set actor = 'eve' where seq = 1", "STO-4001", 1)]
    [InlineData("update audit set at_utc = '2026-03-02T14:35:00.000001Z' where seq = 5", "STO-4001", 5)]
    [InlineData("update audit set reason = null where seq = 2", "STO-4001", 2)]
    [InlineData("delete from audit where seq = 3", "STO-4002", 3)]
    [InlineData("delete from audit where seq = 1", "STO-4002", 1)]
    [InlineData("delete from audit where seq = 5", "STO-4004", 5)]
    [InlineData("delete from audit where seq >= 2", "STO-4004", 2)]
    [InlineData("update audit set seq = 99 where seq = 2; update audit set seq = 2 where seq = 3; update audit set seq = 3 where seq = 99", "STO-4001", 2)]
    [InlineData("delete from audit where seq = 2; update audit set seq = 2 where seq = 3; update audit set seq = 3 where seq = 4; update audit set seq = 4 where seq = 5", "STO-4001", 2)]
    public async Task Each_way_of_touching_the_chain_is_found_at_the_first_broken_record(string sql, string code, long seq)
    {
        await TamperAsync(sql);
        AuditVerdict verdict = await AuditChain.VerifyAsync(store.Rows, null, Ct);
        verdict.FirstBreak!.Code.Should().Be(code);
        verdict.FirstBreak.Where.Should().Be($"audit record {seq}");
        verdict.Records.Should().Be(seq - 1);
    }

    [Fact]
    public async Task A_record_rewritten_with_a_hash_of_its_own_breaks_the_next_link()
    {
        await RewriteAsync(3);
        AuditVerdict verdict = await AuditChain.VerifyAsync(store.Rows, null, Ct);
        verdict.FirstBreak!.Code.Should().Be("STO-4003");
        verdict.FirstBreak.Where.Should().Be("audit record 4");
    }

    [Fact]
    public async Task The_last_record_rewritten_with_a_hash_of_its_own_does_not_match_the_head()
    {
        await RewriteAsync(5);
        (await AuditChain.VerifyAsync(store.Rows, null, Ct)).FirstBreak!.Code.Should().Be("STO-4004");
    }

    [Fact]
    public async Task A_chain_rewritten_whole_with_its_head_is_found_by_a_head_kept_elsewhere()
    {
        AuditHead kept = await AuditChain.HeadAsync(store.Rows, Ct);
        await AppendAsync(6);
        (await AuditChain.VerifyAsync(store.Rows, kept, Ct)).Intact.Should().BeTrue();

        string hash = await RewriteAsync(5);
        AuditRecord sixth = (await AuditChain.OfSubjectAsync(store.Rows, "run:6", Ct))[0] with { PrevHash = hash };
        await TamperAsync($"update audit set prev_hash = '{hash}', hash = '{sixth.ExpectedHash().Hex}' where seq = 6; update audit_head set hash = '{sixth.ExpectedHash().Hex}'");
        (await AuditChain.VerifyAsync(store.Rows, null, Ct)).Intact.Should().BeTrue("the store alone cannot tell");
        (await AuditChain.VerifyAsync(store.Rows, kept, Ct)).FirstBreak!.Code.Should().Be("STO-4005");
        (await AuditChain.VerifyAsync(store.Rows, new(9, kept.Hash), Ct)).FirstBreak!.Code.Should().Be("STO-4004");
    }

    [Theory]
    [InlineData("update audit set reason = '' where seq = 1")]
    [InlineData("delete from audit where seq = 5")]
    [InlineData("insert into audit select 5, at_utc, actor, action, subject, reason, payload, prev_hash, 'x', null from audit where seq = 5 on conflict (seq) do update set hash = 'x'")]
    [InlineData("insert into audit select 7, at_utc, actor, action, subject, reason, payload, prev_hash, 'x', null from audit where seq = 5")]
    [InlineData("update audit_head set seq = 4")]
    [InlineData("update audit_head set hash = 'x'")]
    [InlineData("delete from audit_head")]
    public async Task The_application_itself_cannot_change_the_chain(string sql)
    {
        Func<Task> act = () => store.Rows.ExecuteAsync(sql, null, Ct);
        (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1007");
        (await AuditChain.VerifyAsync(store.Rows, null, Ct)).Records.Should().Be(5);
    }

    [Fact]
    public async Task Nor_by_the_statement_that_replaces_or_empties()
    {
        Func<Task> act = () => store.Rows.ExecuteAsync(engine == StoreEngine.Postgres ? "truncate audit"
            : "insert or replace into audit select 5, at_utc, actor, action, subject, reason, payload, prev_hash, 'x', null from audit where seq = 5", null, Ct);
        (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1007");
        (await AuditChain.VerifyAsync(store.Rows, null, Ct)).Records.Should().Be(5);
    }

    [Fact]
    public async Task Nothing_is_appended_to_a_cut_chain()
    {
        await TamperAsync("delete from audit where seq = 5");
        Func<Task> act = () => AppendAsync(6);
        (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-4004");
    }

    [Fact]
    public async Task A_record_stays_only_with_the_effect_it_records()
    {
        Func<Task> act = () => store.Rows.InTransactionAsync(async tx =>
        {
            await new AuditChain(store.Clock).AppendAsync(tx, new("ana", "x", "y", null, null), Ct);
            throw new TimeoutException();
        }, Ct);
        await act.Should().ThrowAsync<TimeoutException>();
        AuditVerdict verdict = await AuditChain.VerifyAsync(store.Rows, null, Ct);
        (verdict.Intact, verdict.Records).Should().Be((true, 5));
    }

    [Fact]
    public async Task Many_writers_make_one_chain()
    {
        IRowStore other = await store.OpenAgainAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(w => Task.Run(async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                await AppendAsync(100 + w, w % 2 == 0 ? other : store.Rows);
            }
        }, Ct)));
        AuditVerdict verdict = await AuditChain.VerifyAsync(store.Rows, null, Ct);
        (verdict.Intact, verdict.Records).Should().Be((true, 45));
    }

    [Fact]
    public async Task The_export_has_a_line_of_json_per_record()
    {
        StringWriter text = new();
        (await AuditChain.ExportAsync(store.Rows, text, Ct)).Should().Be(5);
        JsonNode[] lines = [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
        lines.Select(l => l["payload"]!["digest"]!.GetValue<string>()).Should().Equal("d1", "d2", "d3", "d4", "d5");
        lines[4]["hash"]!.GetValue<string>().Should().Be((await AuditChain.HeadAsync(store.Rows, Ct)).Hash);
    }

    private Task<AuditRecord> AppendAsync(int i, IRowStore? rows = null) => (rows ?? store.Rows).InTransactionAsync(tx => new AuditChain(store.Clock)
        .AppendAsync(tx, new("ana", "approval.approve", $"run:{i}", $"because {i}", new JsonObject { ["digest"] = $"d{i}" }), Ct), Ct);

    // Who owns the file can drop what the application cannot pass.
    private async Task TamperAsync(string sql)
    {
        await store.DropTriggersAsync();
        await store.Rows.ExecuteAsync(sql, null, Ct);
    }

    private async Task<string> RewriteAsync(long seq)
    {
        AuditRecord record = (await AuditChain.OfSubjectAsync(store.Rows, $"run:{seq}", Ct))[0] with { Reason = "rewritten" };
        string hash = record.ExpectedHash().Hex;
        await TamperAsync($"update audit set reason = 'rewritten', hash = '{hash}' where seq = {seq}");
        return hash;
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();
}

public sealed class AuditChainOnSqliteTests() : AuditChainTests(StoreEngine.Sqlite);

public sealed class AuditChainOnPostgresTests() : AuditChainTests(StoreEngine.Postgres);
