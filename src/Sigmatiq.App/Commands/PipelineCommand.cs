using System.CommandLine;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq pipeline STRATEGY --phase … | --reset-approval</c> (spec 04 §4.3): the stages of one strategy that has been asked about
/// before, once more.</summary>
internal static class PipelineCommand
{
    internal const string PackPrefix = "pack:";

    /// <summary>The strategies of 04 §4.3 that come with a later release.</summary>
    private static readonly string[] ForecastStrategies = ["smart_simple_v11", "forecast_vt_trailing"];

    public static Command Create(CommandHost host)
    {
        var strategy = new Argument<string>("strategy") { Description = "pack:ID, with the id of a deployment (pub_…) or of a strategy, as 'approvals list' shows it" };
        var phase = new Option<string>("--phase") { Description = "backtest: stages 2 to 4; production: stage 6; both", DefaultValueFactory = _ => "both" };
        phase.AcceptOnlyFromAmong("backtest", "production", "both");
        var reset = new Option<bool>("--reset-approval") { Description = "Set the decision aside, stop what it deployed and ask anew on gates evaluated again; trains nothing" };
        var reason = new Option<string?>("--reason") { Description = "Why; required with --reset-approval" };
        var noPng = new Option<bool>("--no-png") { Description = "Write no pictures; those of an earlier time are taken away" };
        var seedDb = new Option<bool>("--seed-db") { Description = "Fill the strategy's tables for readers outside with what was approved, in one transaction" };
        var year = new Option<int?>("--year") { Description = "Backtest as of the end of this year (default: the sessions of the request before)" };
        var config = new Option<string?>("--config") { Description = "YAML file with parameters of the workflow that differ from the request before" };
        var seed = new Option<long?>("--seed") { Description = "The run's chance (default: that of the request before)" };
        Command pipeline = new("pipeline", "Run the stages of a strategy again, or reset its approval") { strategy, phase, reset, reason, noPng, seedDb, year, config, seed };
        host.RunOnStore(pipeline, async (parse, context, ct) =>
        {
            if (parse.GetValue(reset))
            {
                RefuseBesideReset(parse, phase, noPng, seedDb, year, config, seed);
            }

            Platform platform = await context.PlatformAsync(ct);
            Approval latest = await FindAsync(platform, parse.GetValue(strategy)!, ct);
            PipelineWish wish = new(parse.GetValue(phase)!, parse.GetValue(noPng), parse.GetValue(seedDb), parse.GetValue(year), parse.GetValue(config), parse.GetValue(seed));
            return parse.GetValue(reset) ? await ResetAsync(context, latest, parse.GetValue(reason) ?? "", ct)
                : wish.Phase == "production" ? await ProductionAsync(context, latest, wish, ct)
                : await BacktestAsync(context, latest, wish, ct);
        });
        return pipeline;
    }

    // A reset runs no stage: whoever asks for one beside it means one of the two.
    private static void RefuseBesideReset(ParseResult parse, params Option[] others)
    {
        string[] given = [.. others.Where(o => parse.GetResult(o) is { Implicit: false }).Select(o => o.Name)];
        if (given.Length > 0)
        {
            throw new ProblemException("APP-1148", $"--reset-approval runs no stage, so {string.Join(" and ", given)} cannot stand beside it. Nothing was done.", "--reset-approval",
                "Reset alone, with --reason TEXT; or leave --reset-approval out to run stages.", ExitCode.BadUsage);
        }
    }

    /// <summary>Stages that a phase runs (spec 04 §4.4).</summary>
    internal static IReadOnlyList<int> StagesOf(string phase) => phase switch
    {
        "backtest" => [2, 3, 4],
        "production" => [6],
        _ => [2, 3, 4, 6],
    };

    private static async Task<Approval> FindAsync(Platform platform, string strategy, CancellationToken ct)
    {
        if (ForecastStrategies.Contains(strategy, StringComparer.Ordinal))
        {
            throw new ProblemException("APP-1142", $"The strategy {strategy} is not part of this release.", "strategy", "Use pack:ID; forecast strategies come with a later release.", ExitCode.BadUsage);
        }

        string id = strategy.StartsWith(PackPrefix, StringComparison.Ordinal) ? strategy[PackPrefix.Length..] : "";
        string? approval = (await platform.Deployments.ListAsync(ct)).FirstOrDefault(d => d.Id == id)?.ApprovalId;
        IReadOnlyList<Approval> all = await platform.Approvals.ListAsync(ct);
        string? asked = approval is null ? id : all.FirstOrDefault(a => a.Id == approval)?.Subject.StrategyId;
        return all.FirstOrDefault(a => a.Subject.StrategyId == asked)
            ?? throw new ProblemException("APP-1143", $"No approval has been asked for strategy '{strategy}'.", "strategy",
                all.Count == 0 ? "Run 'sigmatiq lifecycle run' first." : $"Use one of: {string.Join(", ", all.Select(a => PackPrefix + a.Subject.StrategyId).Distinct())}.", ExitCode.BadUsage);
    }

    // Stages 2 to 4 with the parameters of the run that asked before, and vote 1; what then waits is stage 5.
    private static async Task<ExitCode> BacktestAsync(CommandContext context, Approval latest, PipelineWish wish, CancellationToken ct)
    {
        Platform platform = await context.PlatformAsync(ct);
        RunState before = await TrainedByAsync(platform, latest, ct);
        WorkflowDefinition workflow = platform.Workflows.Load(before.Request.Workflow, before.Request.Version);
        JsonObject pins = before.Request.Pins["pack_hash"] is { } pack ? new JsonObject { ["pack_hash"] = pack.DeepClone() } : [];
        if (wish.NoPng)
        {
            pins[EvidenceStep.NoPicturesPin] = true;
        }

        RunId run = await platform.Engine.Requests.StartAsync(
            new(workflow, wish.Parameters(workflow, before.Request.Parameters), (await context.ActorAsync(Right.Run, ct)).Id) { Pins = pins, Seed = wish.Seed ?? before.Request.Seed }, ct);
        RunView view = await RunWatch.BringToRestAsync(context, run, waitsFrom: 0, ct);
        ExitCode exit = RunWatch.Close(context, view);
        if (exit != ExitCode.ApprovalMissing)
        {
            return exit;
        }

        context.Output.Note("Stages 2 to 4 are done, vote 1 is cast. Stage 6 begins by itself with vote 2: 'sigmatiq approvals show'.");
        if (wish.SeedDb)
        {
            context.Output.Note("Tables are filled from what is approved alone: 'sigmatiq pipeline ... --phase production --seed-db' after vote 2.");
        }

        return wish.Phase == "backtest" ? ExitCode.Ok : ExitCode.ApprovalMissing;
    }

    private static async Task<ExitCode> ProductionAsync(CommandContext context, Approval latest, PipelineWish wish, CancellationToken ct)
    {
        if (latest.Status is not (ApprovalStatus.Approved or ApprovalStatus.Live))
        {
            throw new ProblemException("APP-1144", $"Strategy {latest.Subject.StrategyId} is not approved.", $"approval {latest.Id}", "Vote on it first: 'sigmatiq approvals show'.", ExitCode.ApprovalMissing);
        }

        await context.ActorAsync(Right.Operate, ct);

        // The vote woke the run that deploys; here it is only brought to its end, so that nothing is deployed twice.
        RunView view = await RunWatch.BringToRestAsync(context, new(latest.RunId), waitsFrom: 0, ct);
        ExitCode exit = RunWatch.Close(context, view);
        if (exit == ExitCode.Ok && wish.SeedDb)
        {
            await SeedAsync(context, latest, view.State, ct);
        }

        return exit;
    }

    private static async Task SeedAsync(CommandContext context, Approval approved, RunState run, CancellationToken ct)
    {
        Platform platform = await context.PlatformAsync(ct);
        List<SeededPrediction> predictions = [];
        foreach (JsonNode? file in run.Definition.Has("forecast") ? run.Step("forecast").Outputs?["files"] as JsonArray ?? [] : [])
        {
            string path = Path.Combine(platform.Data.Root, file!.GetValue<string>());
            predictions.AddRange(SeededPrediction.Read(path, Path.GetFileName(Path.GetDirectoryName(path))!, ct));
        }

        IReadOnlyDictionary<string, int> written = await ProductionTables.SeedAsync(platform.Rows, platform.Data, approved, predictions, ct);
        context.Output.Note($"Filled {string.Join(", ", written.Select(t => $"{t.Key} ({t.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)} rows)"))}.");
    }

    private static async Task<ExitCode> ResetAsync(CommandContext context, Approval latest, string reason, CancellationToken ct)
    {
        Platform platform = await context.PlatformAsync(ct);
        RunId run = await new Reapproval(platform).AskAsync(latest, (await context.ActorAsync(Right.Approve, ct)).Id, reason, ct);
        RunView view = await RunWatch.BringToRestAsync(context, run, waitsFrom: 0, ct);
        ExitCode exit = RunWatch.Close(context, view);
        return exit == ExitCode.ApprovalMissing ? ExitCode.Ok : exit;
    }

    // The newest run of the strategy that trained: one that only asked anew has no stage 2 to run again.
    private static async Task<RunState> TrainedByAsync(Platform platform, Approval latest, CancellationToken ct)
    {
        RunState? newest = null;
        foreach (Approval approval in (await platform.Approvals.ListAsync(ct)).Where(a => a.Subject.StrategyId == latest.Subject.StrategyId))
        {
            RunState run = (await platform.Engine.Views.ShowAsync(new(approval.RunId), ct)).State;
            newest ??= run;
            if (run.Definition.Has("train"))
            {
                return run;
            }
        }

        return newest!;
    }
}
