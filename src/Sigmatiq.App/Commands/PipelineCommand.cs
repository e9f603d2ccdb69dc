using System.CommandLine;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq pipeline STRATEGY --phase … | --reset-approval</c> (spec 04 §4.3): the stages of one strategy that has been asked about
/// before, once more.</summary>
internal static class PipelineCommand
{
    private const string PackPrefix = "pack:";

    /// <summary>The strategies of 04 §4.3 that come with a later release.</summary>
    private static readonly string[] ForecastStrategies = ["smart_simple_v11", "forecast_vt_trailing"];

    public static Command Create(CommandHost host)
    {
        var strategy = new Argument<string>("strategy") { Description = "pack:ID, with the id of a deployment (pub_…) or of a strategy, as 'approvals list' shows it" };
        var phase = new Option<string>("--phase") { Description = "backtest: stages 2 to 4; production: stage 6; both", DefaultValueFactory = _ => "both" };
        phase.AcceptOnlyFromAmong("backtest", "production", "both");
        var reset = new Option<bool>("--reset-approval") { Description = "Set the decision aside, stop what it deployed and ask anew on gates evaluated again; trains nothing" };
        var reason = new Option<string?>("--reason") { Description = "Why; required with --reset-approval" };
        Command pipeline = new("pipeline", "Run the stages of a strategy again, or reset its approval") { strategy, phase, reset, reason };
        host.Run(pipeline, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            Approval latest = await FindAsync(platform, parse.GetValue(strategy)!, ct);
            return parse.GetValue(reset) ? await ResetAsync(context, latest, parse.GetValue(reason) ?? "", ct)
                : parse.GetValue(phase) == "production" ? await ProductionAsync(context, latest, ct)
                : await BacktestAsync(context, latest, parse.GetValue(phase) == "backtest", ct);
        });
        return pipeline;
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
    private static async Task<ExitCode> BacktestAsync(CommandContext context, Approval latest, bool isBacktestAlone, CancellationToken ct)
    {
        Platform platform = await context.PlatformAsync(ct);
        RunState before = (await OriginAsync(platform, latest, ct)).State;
        RunId run = await platform.Engine.Requests.StartAsync(
            new(platform.Workflows.Load(before.Request.Workflow, before.Request.Version), before.Request.Parameters.DeepClone().AsObject(), CommandContext.Person.Id)
            {
                Pins = before.Request.Pins["pack_hash"] is { } pack ? new JsonObject { ["pack_hash"] = pack.DeepClone() } : [],
            }, ct);
        RunView view = await RunWatch.BringToRestAsync(context, run, waitsFrom: 0, ct);
        ExitCode exit = RunWatch.Close(context, view);
        if (exit != ExitCode.ApprovalMissing)
        {
            return exit;
        }

        context.Output.Note("Stages 2 to 4 are done, vote 1 is cast. Stage 6 begins by itself with vote 2: 'sigmatiq approvals show'.");
        return isBacktestAlone ? ExitCode.Ok : ExitCode.ApprovalMissing;
    }

    private static async Task<ExitCode> ProductionAsync(CommandContext context, Approval latest, CancellationToken ct)
    {
        if (latest.Status is not (ApprovalStatus.Approved or ApprovalStatus.Live))
        {
            throw new ProblemException("APP-1144", $"Strategy {latest.Subject.StrategyId} is not approved.", $"approval {latest.Id}", "Vote on it first: 'sigmatiq approvals show'.", ExitCode.ApprovalMissing);
        }

        // The vote woke the run that deploys; here it is only brought to its end, so that nothing is deployed twice.
        RunView view = await RunWatch.BringToRestAsync(context, new(latest.RunId), waitsFrom: 0, ct);
        return RunWatch.Close(context, view);
    }

    private static async Task<ExitCode> ResetAsync(CommandContext context, Approval latest, string reason, CancellationToken ct)
    {
        Platform platform = await context.PlatformAsync(ct);
        RunId run = await new Reapproval(platform).AskAsync(latest, CommandContext.Person.Id, reason, ct);
        RunView view = await RunWatch.BringToRestAsync(context, run, waitsFrom: 0, ct);
        ExitCode exit = RunWatch.Close(context, view);
        return exit == ExitCode.ApprovalMissing ? ExitCode.Ok : exit;
    }

    private static Task<RunView> OriginAsync(Platform platform, Approval approval, CancellationToken ct) => platform.Engine.Views.ShowAsync(new(approval.RunId), ct);
}
