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
    [Trait("Row", "S2-26")]
    public async Task A_strategy_is_approved_deployed_reset_and_approved_anew_on_fresh_gates()
    {
        await EndsAsync(3, "lifecycle", "run", "--ticker", "MKT.SYN", "--from", "2021-01-01", "--to", "2024-06-28", "--as-of", "2024-07-01T12:00:00Z");
        JsonNode state = State();
        string strategy = "pack:" + state["strategy"]!.GetValue<string>(), firstDigest = state["digest"]!.GetValue<string>();
        state["deploy_manifest"]!["script"]!.GetValue<string>().Should().Be("pack_model_pipeline");
        Summary("summary_*.json").Should().Be("PENDING_APPROVAL", "production output is unapproved until vote 2");
        (await EndsAsync(3, "pipeline", strategy, "--phase", "production")).Should().Contain("APP-1144");

        await EndsAsync(0, "approvals", "approve", "--reason", "looks sound on paper");
        State()["status"]!.GetValue<string>().Should().Be("APPROVED");
        Summary("summary.json").Should().Be("APPROVED");
        JsonNode deployed = Read("deploy_status.json");
        (deployed["status"]!.GetValue<string>(), deployed["phase"]!.GetValue<string>(), deployed["error"]).Should().Be(("completed", "register", null));
        await EndsAsync(0, "pipeline", strategy, "--phase", "production");

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
        File.Delete(Directory.GetFiles(Path.Combine(folder, "public", "data", "strategies"), "trades.parquet", SearchOption.AllDirectories).Single());
        (await EndsAsync(1, "pipeline", strategy, "--reset-approval", "--reason", "once more")).Should().Contain("APP-1145");
        State()["status"]!.GetValue<string>().Should().Be("APPROVED", "nothing was changed");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

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
