using System.Text.Json.Nodes;
using FluentAssertions.Execution;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The lane end to end, as processes: to the vote, through it, killed on the way, and once more from its pins.</summary>
public sealed class LifecycleTests : IDisposable
{
    // Pinned, so that the figures do not move with the day on which the test runs. A short range keeps it quick.
    private static readonly string[] Synthetic =
        ["lifecycle", "run", "--ticker", "MKT.SYN", "--from", "2020-01-01", "--to", "2024-06-28", "--as-of", "2024-07-01T12:00:00Z", "--key", "lane"];

    private readonly List<string> folders = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "S2-01")]
    public async Task A_run_comes_to_its_vote_and_after_an_approval_to_paper_and_its_hashes_can_be_reproduced()
    {
        string data = NewFolder();
        await EndsAsync(3, data, Synthetic);
        JsonNode run = await JsonAsync(data, "runs", "show");
        run["status"]!.GetValue<string>().Should().Be("waiting");
        string trained = await NeededAsync("asked");

        await EndsAsync(0, data, "approvals", "approve", "--reason", "looks sound on paper");
        run = await JsonAsync(data, "runs", "show");
        run["status"]!.GetValue<string>().Should().Be("completed");
        (await NeededAsync("deployed")).Should().NotBe(trained, "what was fitted after the approval trades");
        run["hashes"]!.AsObject().Select(h => h.Key).Should().Contain(
            ["align.snapshot", "sweep.leaderboard_hash", "train[0].artifact_hash", "forecast.forecast_hash", "evidence.bundle_hash", "evidence.trades_hash", "evidence.equity_hash", "deploy.artifact_hash"]);
        await EndsAsync(0, data, "audit", "verify");
        JsonArray again = (await JsonAsync(data, "reproduce")).AsArray();
        again.Should().OnlyContain(l => l!["same"]!.GetValue<bool>());

        // The files of what is asked about or trades stay.
        async Task<string> NeededAsync(string standing)
        {
            JsonNode[] needed = [.. (await JsonAsync(data, "trained-models", "list")).AsArray().Where(m => m!["use"] is not null).Select(m => m!)];
            needed.Select(m => m["use"]!["standing"]!.GetValue<string>()).Distinct().Should().Equal(standing);
            string newest = needed[0]["id"]!.GetValue<string>();
            (await EndsAsync(1, data, "trained-models", "discard", newest, "--reason", "no longer wanted")).Error.Should().Contain("TRN-3014");
            return newest;
        }
    }

    [Fact]
    public async Task Earlier_trials_lower_what_is_asked_of_the_vote_and_leave_the_evidence_as_it_is()
    {
        string fresh = NewFolder(), used = NewFolder();
        await EndsAsync(3, fresh, Synthetic);

        // The same idea on an earlier part of the bars: other trials, no other evidence.
        await EndsAsync(0, used, "lifecycle", "run", "--ticker", "MKT.SYN", "--from", "2020-01-01", "--to", "2023-06-30", "--as-of", "2024-07-01T12:00:00Z", "--until", "sweep");
        await EndsAsync(3, used, Synthetic);
        (await JsonAsync(used, "runs", "show"))["hashes"]!.ToJsonString().Should().Be((await JsonAsync(fresh, "runs", "show"))["hashes"]!.ToJsonString());

        JsonNode first = await JsonAsync(fresh, "approvals", "show"), second = await JsonAsync(used, "approvals", "show");
        JsonNode alone = first["subject"]!["selection_note"]!, after = second["subject"]!["selection_note"]!;
        after["trials"]!.GetValue<int>().Should().BeGreaterThan(alone["trials"]!.GetValue<int>());
        after["trials_raw"]!.GetValue<int>().Should().Be(2 * alone["trials_raw"]!.GetValue<int>());
        after["deflated_sharpe"]?.ToJsonString().Should().NotBe(alone["deflated_sharpe"]?.ToJsonString());
        second["digest"]!.GetValue<string>().Should().NotBe(first["digest"]!.GetValue<string>(), "a vote binds the figures it was shown");
        foreach (JsonNode request in (JsonNode[])[first, second])
        {
            JsonNode Gate(string name) => request["gates"]!.AsArray().Single(g => g!["gate"]!.GetValue<string>() == name)!;
            (Gate("min_deflated_sharpe")["threshold"]!.GetValue<double>(), Gate("max_pbo")["threshold"]!.GetValue<double>()).Should().Be((0.95, 0.2));
            Gate("min_deflated_sharpe")["value"]?.ToJsonString().Should().Be(request["subject"]!["selection_note"]!["deflated_sharpe"]?.ToJsonString());
            Gate("max_pbo")["value"]?.ToJsonString().Should().Be(request["subject"]!["selection_note"]!["pbo"]?.ToJsonString());
            bool pass = Gate("min_deflated_sharpe")["passed"]!.GetValue<bool>() && Gate("max_pbo")["passed"]!.GetValue<bool>();
            (pass || request["recommendation"]!.GetValue<string>().ToUpperInvariant() != "PROMOTE").Should().BeTrue("failing either makes it review at best");
            request["metrics"]!["cautions"]!.AsArray().Select(c => c!.GetValue<string>()).Should().Contain(c => c.StartsWith("Deflated Sharpe")).And.Contain(c => c.Contains("overfitting"));
            JsonNode skill = request["metrics"]!["holdout_skill"]!;
            request["metrics"]!["cautions"]!.AsArray().Any(c => c!.GetValue<string>().StartsWith("On the hold-out the trained classifier shows no skill.")).Should()
                .Be(skill["auc_low"]!.GetValue<double>() <= 0.5);
        }
    }

    [Fact]
    public async Task A_rejection_ends_the_run_and_deploys_nothing()
    {
        string data = NewFolder();
        await EndsAsync(3, data, Synthetic);
        await EndsAsync(0, data, "approvals", "reject", "--reason", "too few trades");
        JsonNode run = await JsonAsync(data, "runs", "show");
        run["status"]!.GetValue<string>().Should().Be("completed");
        run["steps"]!.AsArray().Single(s => s!["name"]!.GetValue<string>() == "deploy")!["status"]!.GetValue<string>().Should().Be("skipped");
    }

    [Fact]
    public async Task One_changed_byte_of_the_evidence_makes_an_approval_fail()
    {
        string data = NewFolder();
        await EndsAsync(3, data, Synthetic);
        JsonNode approval = await JsonAsync(data, "approvals", "show");
        foreach (string name in (string[])["/evidence.json", "/bundle.json", ".model"])
        {
            string path = approval["subject"]!["evidence"]!.AsArray().First(e => e!["path"]!.GetValue<string>().EndsWith(name))!["path"]!.GetValue<string>();
            string file = Path.Combine(data, path);
            byte[] bytes = File.ReadAllBytes(file);
            bytes[^10] ^= 1;
            File.WriteAllBytes(file, bytes);
            (await EndsAsync(1, data, "approvals", "approve", "--reason", "looks sound")).Error.Should().Contain("APR-1003").And.Contain($"{path} has changed");
            bytes[^10] ^= 1;
            File.WriteAllBytes(file, bytes);
        }

        (await EndsAsync(1, data, "approvals", "approve", "--reason", "looks sound", "--digest", new string('0', 64))).Error.Should().Contain("APR-1005");
        (await JsonAsync(data, "runs", "show"))["status"]!.GetValue<string>().Should().Be("waiting");
    }

    [Fact]
    public async Task A_run_killed_at_random_moments_gives_the_hashes_of_an_undisturbed_one()
    {
        string calm = NewFolder();
        await EndsAsync(3, calm, Synthetic);
        JsonNode expected = (await JsonAsync(calm, "runs", "show"))["hashes"]!;

        long seed = TimeProvider.System.GetTimestamp();
        Rng chance = Rng.From(seed);
        string disturbed = NewFolder();
        int kills = 0;
        using (new AssertionScope($"seed {seed}"))
        {
            while (true)
            {
                // The first start makes the run; later ones find it by its key and drive it on.
                using ProgramProcess process = Start(disturbed, Synthetic);
                TimeSpan patience = kills < 8 ? TimeSpan.FromMilliseconds(700 + chance.NextInt(3000)) : TimeSpan.FromMinutes(5);
                if (await HasEndedAsync(process, patience))
                {
                    int exit = await process.EndAsync(TimeSpan.FromSeconds(10), Ct);
                    if (process.Error.Contains("WFL-2206", StringComparison.Ordinal))
                    {
                        // Three of the kills hit one step before it came further: a person looks at it and lets it go on.
                        exit.Should().Be(1);
                        await EndsAsync(3, disturbed, "runs", "resume", "--reason", "killed on purpose");
                        break;
                    }

                    exit.Should().Be(3, process.Error);
                    break;
                }

                process.Kill();
                kills++;
            }

            kills.Should().BeGreaterThan(0);
            (await JsonAsync(disturbed, "runs", "list")).AsArray().Should().HaveCount(1, "a start after a kill goes on with the same run");
            (await JsonAsync(disturbed, "runs", "show"))["hashes"]!.ToJsonString().Should().Be(expected.ToJsonString(), $"{kills} kills");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => folders.ForEach(f => Directory.Delete(f, recursive: true));

    private static ProgramProcess Start(string data, params string[] args) => ProgramProcess.Start([.. args, "--data", data]);

    private static async Task<ProgramProcess> EndsAsync(int exit, string data, params string[] args)
    {
        ProgramProcess process = Start(data, args);
        (await process.EndAsync(TimeSpan.FromMinutes(5), Ct)).Should().Be(exit, $"{string.Join(' ', args)}: {process.Error}");
        return process;
    }

    private static async Task<JsonNode> JsonAsync(string data, params string[] args)
    {
        using ProgramProcess process = await EndsAsync(0, data, [.. args, "--output", "json"]);
        return JsonNode.Parse(process.Out)!;
    }

    private static async Task<bool> HasEndedAsync(ProgramProcess process, TimeSpan within)
    {
        try
        {
            await process.EndAsync(within, Ct);
            return true;
        }
        catch (Xunit.Sdk.XunitException)
        {
            return false;
        }
    }

    private string NewFolder()
    {
        string folder = Directory.CreateTempSubdirectory("sigmatiq-lane-").FullName;
        folders.Add(folder);
        return folder;
    }
}
