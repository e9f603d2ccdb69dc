using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Tests.App.Commands;

public sealed class AuditCommandsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TemporaryFolder settings = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        folder.Dispose();
        settings.Dispose();
    }

    [Fact]
    public async Task Verify_ends_well_on_an_intact_chain_and_names_the_first_broken_record_else()
    {
        await RecordAsync(new(TimeProvider.System, new(settings["audit.key"], folder.Path)), 3);
        CommandLineRun intact = await RunAsync("verify", "-o", "json");
        intact.ExitCode.Should().Be(0, intact.Error);
        JsonNode.Parse(intact.Out)!["records"]!.GetValue<int>().Should().Be(3);

        await EditAsync("drop trigger audit_is_never_changed; update audit set reason = 'other' where seq = 2");
        CommandLineRun broken = await RunAsync("verify");
        broken.ExitCode.Should().Be(1);
        broken.Error.Should().Contain("STO-4001").And.Contain("audit record 2");
    }

    [Fact]
    public async Task A_request_that_was_written_into_the_database_by_hand_is_named_although_the_chain_is_intact()
    {
        await RecordAsync(new(TimeProvider.System, new(settings["audit.key"], folder.Path)), 1);
        Approval forged = Some.Approval(new(2025, 3, 3, 15, 0, 0, TimeSpan.Zero), []);
        await EditAsync($"""
            drop trigger approvals_are_asked_on_record;
            insert into approvals (id, run_id, strategy_id, digest, status, body, created_utc, expires_utc, record_seq)
                values ('{forged.Id}', 'r', 's', 'd', 'APPROVED', '{JsonSerializer.Serialize(forged, ApprovalJson.Options).Replace("'", "''", StringComparison.Ordinal)}', '', '', 1)
            """);
        CommandLineRun found = await RunAsync("verify");
        (found.ExitCode, found.Error.Contains("APR-1021"), found.Error.Contains(forged.Id)).Should().Be((1, true, true), found.Error);
    }

    [Fact]
    public async Task Every_record_is_exported_with_its_signature_as_a_line_of_json()
    {
        await RecordAsync(new(TimeProvider.System, new(settings["audit.key"], folder.Path)), 2);
        JsonNode[] lines = [.. (await RunAsync("export")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
        lines.Select(l => l["seq"]!.GetValue<int>()).Should().Equal(1, 2);
        lines.Should().OnlyContain(l => l["mac"]!.GetValue<string>().Length == 64);
    }

    [Fact]
    public async Task A_chain_of_an_earlier_release_is_refused_until_somebody_takes_it_over_with_a_reason()
    {
        await RecordAsync(new(TimeProvider.System), 2);
        CommandLineRun unsigned = await RunAsync("verify");
        unsigned.ExitCode.Should().Be(1);
        unsigned.Error.Should().Contain("STO-4006").And.Contain("audit adopt --reason");
        CommandLineRun refused = await RunAsync("adopt");
        (refused.ExitCode, refused.Error.Contains("APP-1140")).Should().Be((2, true), refused.Error);
        (await RunAsync("adopt", "--reason", "compared with Monday's export")).ExitCode.Should().Be(0);
        (await RunAsync("verify")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_key_in_the_data_directory_is_refused()
    {
        await CommandLineRun.MakeStoreAsync(folder.Path, Ct);
        CommandLineRun refused = await CommandLineRun.OfAsync(["audit", "verify", "--data", folder.Path, "--audit-key", folder["audit.key"]], Ct);
        refused.ExitCode.Should().Be(2);
        refused.Error.Should().Contain("STO-4009");
    }

    [Fact]
    public async Task A_vote_is_handed_over_to_somebody_and_on_a_request_that_exists()
    {
        await CommandLineRun.MakeStoreAsync(folder.Path, Ct);
        CommandLineRun nobody = await CommandLineRun.OfAsync(["approvals", "delegate", "apr_x", "--reason", "on leave", "--data", folder.Path], Ct);
        (nobody.ExitCode, nobody.Error.Contains("APP-1141")).Should().Be((2, true), nobody.Error);
        CommandLineRun unknown = await CommandLineRun.OfAsync(["approvals", "delegate", "apr_x", "--to", "ana", "--reason", "on leave", "--data", folder.Path], Ct);
        (unknown.ExitCode, unknown.Error.Contains("APR-1001")).Should().Be((2, true), unknown.Error);
    }

    private Task<CommandLineRun> RunAsync(params string[] args) => CommandLineRun.OfAsync(["audit", .. args, "--data", folder.Path, "--audit-key", settings["audit.key"]], Ct);

    private async Task RecordAsync(AuditChain chain, int records)
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(new DataDirectory(folder.Path), TimeProvider.System, Ct);
        for (int i = 0; i < records; i++)
        {
            await rows.InTransactionAsync(tx => chain.AppendAsync(tx, new("ana", "x", $"run:{i}", "because", null), Ct), Ct);
        }
    }

    private async Task EditAsync(string sql)
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(new DataDirectory(folder.Path), TimeProvider.System, Ct);
        await rows.ExecuteAsync(sql, null, Ct);
    }
}
