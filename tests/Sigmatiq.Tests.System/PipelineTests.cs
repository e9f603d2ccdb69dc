using System.Text.Json.Nodes;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The phases of 04 §4.3 and the reset of §4.10 on a pack model, as processes.</summary>
public sealed class PipelineTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly string folder = Directory.CreateTempSubdirectory("sigmatiq-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "S2-17")]
    [Trait("Row", "S2-18")]
    [Trait("Row", "S2-19")]
    [Trait("Row", "S2-20")]
    [Trait("Row", "S2-21")]
    [Trait("Row", "S2-22")]
    [Trait("Row", "S2-26")]
    [Trait("Row", "S2-27")]
    [Trait("Row", "S2-30")]
    public async Task A_strategy_is_approved_deployed_reset_and_approved_anew_on_fresh_gates()
    {
        await EndsAsync(3, "lifecycle", "run", "--ticker", "MKT.SYN", "--from", "2021-01-01", "--to", "2024-06-28", "--as-of", "2024-07-01T12:00:00Z");
        JsonNode state = State();
        string strategy = "pack:" + state["strategy"]!.GetValue<string>(), firstDigest = state["digest"]!.GetValue<string>();
        state["deploy_manifest"]!["script"]!.GetValue<string>().Should().Be("pack_model_pipeline");
        Summary("summary_*.json").Should().Be("PENDING_APPROVAL", "production output is unapproved until vote 2");
        (await EndsAsync(3, "pipeline", strategy, "--phase", "production", "--seed-db")).Should().Contain("APP-1144");
        foreach ((int stage, int exit) in new[] { (0, 0), (1, 1), (2, 0), (3, 0), (4, 0), (5, 1), (6, 1), (7, 0) })
        {
            await EndsAsync(exit, "lifecycle", "check", "--stage", $"{stage}");
        }

        await EndsAsync(0, "approvals", "approve", "--reason", "looks sound on paper");
        await EndsAsync(0, "lifecycle", "check", "--stage", "5");
        await EndsAsync(0, "lifecycle", "check", "--stage", "6");
        (await EndsAsync(1, "approvals", "promote", "--reason", "it looks good")).Should().Contain("APR-1016");
        State()["status"]!.GetValue<string>().Should().Be("APPROVED");
        Summary("summary.json").Should().Be("APPROVED");
        JsonNode deployed = Read("deploy_status.json");
        (deployed["status"]!.GetValue<string>(), deployed["phase"]!.GetValue<string>(), deployed["error"]).Should().Be(("completed", "register", null));
        await EndsAsync(0, "pipeline", strategy, "--phase", "production");
        (await EndsAsync(0, "pipeline", strategy, "--phase", "production", "--seed-db")).Should().Contain("pack_predictions (");
        int[] filled = await CountsAsync();
        filled.Should().HaveCount(5).And.OnlyContain(c => c > 0);
        await EndsAsync(0, "pipeline", strategy, "--phase", "production", "--seed-db");
        (await CountsAsync()).Should().Equal(filled, "the same again changes no row count");

        (await EndsAsync(2, "pipeline", strategy, "--reset-approval")).Should().Contain("APR-1004");
        await EndsAsync(0, "pipeline", strategy, "--reset-approval", "--reason", "a colleague asks to look again");
        state = State();
        (state["status"]!.GetValue<string>(), state["approved_by"], state["approved_at"], state["reviewer_notes"]).Should().Be(("PENDING_APPROVAL", null, null, null));
        state["digest"]!.GetValue<string>().Should().NotBe(firstDigest);
        state["gates"]!.AsArray().Should().NotBeEmpty();
        using (SqliteRowStore rows = SqliteRowStore.OpenUnmigrated(Path.Combine(folder, "sigmatiq.db")))
        {
            (await rows.QueryAsync<string>("select status from deployments", null, Ct)).Should().Equal("stopped");
        }

        // What was said of the first request counts for nothing here.
        (await EndsAsync(1, "approvals", "approve", state["approval_id"]!.GetValue<string>(), "--reason", "again", "--digest", firstDigest)).Should().Contain("APR-1005");
        (await EndsAsync(3, "pipeline", strategy, "--phase", "production")).Should().Contain("APP-1144");
        await EndsAsync(0, "approvals", "approve", "--reason", "sound on the fresh gates too");
        using (SqliteRowStore rows = SqliteRowStore.OpenUnmigrated(Path.Combine(folder, "sigmatiq.db")))
        {
            (await rows.QueryAsync<string>("select status from deployments order by created_utc", null, Ct)).Should().Equal("stopped", "paper_trading");
        }

        await EndsAsync(0, "audit", "verify");
        Directory.GetFiles(Production, "*.svg").Should().NotBeEmpty();
        int forecasts = Directory.GetFiles(Path.Combine(folder, "forecasts"), "*.parquet", SearchOption.AllDirectories).Length;
        await EndsAsync(0, "pipeline", strategy, "--phase", "backtest", "--no-png", "--seed", "43");
        Directory.GetFiles(Production, "*.*").Should().NotContain(f => f.EndsWith(".png") || f.EndsWith(".svg"), "no picture was wanted, and the old ones show other figures");
        Directory.GetFiles(Path.Combine(folder, "forecasts"), "*.parquet", SearchOption.AllDirectories).Length.Should().BeGreaterThanOrEqualTo(forecasts, "stage 3 follows by itself");
        State()["status"]!.GetValue<string>().Should().Be("PENDING_APPROVAL");
        await EndsAsync(0, "lifecycle", "check", "--stage", "3");
        (await EndsAsync(2, "pipeline", strategy, "--phase", "backtest", "--year", "1066")).Should().Contain("APP-1146");

        // Of every evidence: which folder comes first is up to their hashes.
        Array.ForEach(Directory.GetFiles(Path.Combine(folder, "public", "data", "strategies"), "trades.parquet", SearchOption.AllDirectories), File.Delete);
        (await EndsAsync(1, "pipeline", strategy, "--reset-approval", "--reason", "once more")).Should().Contain("APP-1145");
        State()["status"]!.GetValue<string>().Should().Be("PENDING_APPROVAL", "nothing was changed");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Production => Path.Combine(folder, "public", "data", "production");

    private async Task<int[]> CountsAsync()
    {
        using SqliteRowStore rows = SqliteRowStore.OpenUnmigrated(Path.Combine(folder, "sigmatiq.db"));
        List<int> counts = [];
        foreach (string table in Sigmatiq.Trading.Deployments.ProductionTables.Names)
        {
            counts.Add(await rows.FirstAsync<int>($"select count(*) from {table}", null, Ct));
        }

        return [.. counts];
    }

    private JsonNode State() => Read("approval_state.json");

    private JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "public", "data", "production", name)))!;

    private string Summary(string pattern) => JsonNode.Parse(File.ReadAllText(Directory.GetFiles(Path.Combine(folder, "public", "data", "production"), pattern)[0]))!["approval_status"]!.GetValue<string>();

    private async Task<string> EndsAsync(int exit, params string[] args)
    {
        using ProgramProcess run = ProgramProcess.Start([.. args, "--data", folder]);
        (await run.EndAsync(Patience, Ct)).Should().Be(exit, string.Join(' ', args) + "\n" + run.Error);
        return run.Error;
    }
}
