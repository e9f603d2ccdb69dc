using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq sweeps plan / run</c>: what a sweep would be, and running one here.</summary>
internal static class SweepsRunCommands
{
    private const int ShownRows = 10;

    public static Command Plan(CommandHost host)
    {
        var options = new SweepRequestOptions();
        Command plan = new("plan", "Check a sweep and say how many combos it has, without running it");
        options.AddTo(plan);
        host.Run(plan, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            (SweepRequest request, string user) = await options.ReadAsync(parse, platform.Models, ct);
            SweepWork work = await platform.SweepWorks.PrepareAsync(request, user, await options.CapsAsync(parse, context, ct), null, null, ct);
            SweepPlan planned = work.Plan;
            Warn(context, planned);
            SweepCost cost = SweepCost.Of(planned, work.RequireBars());
            bool isSample = planned.ComboIds.Count < planned.Grid.Size;
            context.Output.Item(
                new JsonObject
                {
                    ["model_id"] = planned.Model.Id, ["pack"] = planned.Pack.Reference, ["total_combinations"] = planned.Total,
                    ["grid_size"] = planned.Grid.Size, ["cap"] = planned.Cap, ["sample"] = isSample ? planned.ComboIds.Count : null,
                    ["refine_budget"] = planned.RefineBudget, ["detail"] = EnumWords<SweepDetail>.Text(planned.Detail), ["cost"] = cost.ToJson(), ["request"] = request.ToJson(),
                },
                ("model", planned.Model.Id), ("pack", planned.Pack.Reference), ("combos", CombosText(planned, isSample)),
                ("parameters", string.Join(", ", planned.Grid.Axes.Select(a => $"{a.RequestKey} ({a.Values.Count})"))),
                ("indicator sets", SweepsCommands.Text(cost.IndicatorSets)), ("classifier fits", SweepsCommands.Text(cost.ConfidenceFits)),
                ("signal sets", SweepsCommands.Text(cost.SignalSets)), ("trade lists", $"{SweepsCommands.Text(cost.Paths)} at most, shared by the sizes"),
                ("takes about", $"{TimeSpan.FromSeconds(Math.Ceiling(cost.Seconds)):h\\:mm\\:ss} on one thread"),
                ("trades stored", planned.Detail == SweepDetail.All ? "of every combo" : "of combos that no other beats in Sharpe ratio, drawdown and trades"));
            return ExitCode.Ok;
        });
        return plan;
    }

    public static Command Run(CommandHost host)
    {
        var options = new SweepRequestOptions();
        var threads = new ThreadsOption();
        var force = new Option<bool>("--force") { Description = "Run again although the same sweep is there; its combos are not counted as trials again" };
        var resume = new Option<string?>("--resume") { Description = "Go on with a sweep that was stopped, cancelled or has failed, from what it has stored" };
        Command run = new("run", "Run a sweep; the same one again shows what is there, or goes on where it was stopped") { force, resume };
        threads.AddTo(run);
        options.AddTo(run);
        host.Run(run, async (parse, context, ct) =>
        {
            int workers = threads.Read(parse);
            Platform platform = await context.PlatformAsync(ct);
            SweepStore sweeps = platform.Sweeps.Store;
            SweepWork work;
            string id;
            if (parse.GetValue(resume) is { } stopped)
            {
                options.RefuseBeside(parse, resume, force);
                work = await platform.SweepWorks.OfAsync(stopped, sweeps, ct);
                id = (await sweeps.ResumeAsync(stopped, (await context.ActorAsync(Right.Run, ct)).Id, ct)).SweepId;
            }
            else
            {
                (SweepRequest request, string user) = await options.ReadAsync(parse, platform.Models, ct);
                work = await platform.SweepWorks.PrepareAsync(request, user, await options.CapsAsync(parse, context, ct), null, null, ct);
                Warn(context, work.Plan);
                work.RequireBars();
                id = (await sweeps.BeginAsync(work, (await context.ActorAsync(Right.Run, ct)).Id, parse.GetValue(force), ct)).SweepId;
            }

            StoredSweep stored = await FollowAsync(context, platform, id, work, workers, ct);
            JudgedLeaderboard judged = await LeaderboardCommand.JudgeAsync(platform, stored, ct);
            LeaderboardCommand.Print(context, judged, [.. judged.Rows], ShownRows);
            return ExitCode.Ok;
        });
        return run;
    }

    // Ctrl-C stops the work and loses nothing: whoever wants the sweep ended says 'sweeps cancel'.
    private static async Task<StoredSweep> FollowAsync(CommandContext context, Platform platform, string id, SweepWork work, int threads, CancellationToken ct)
    {
        try
        {
            using ProgressLine progress = context.Output.Progress($"sweep of {SweepsCommands.Text(work.Plan.Total)} combos");
            return await platform.Engine.AsCommandAsync(
                Platform.Owner, context.Output.Note, stop => platform.Sweeps.RunAsync(id, work, threads, at => progress.Report(at.Share, at.ToString()), stop), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            SweepRecord record = await platform.Sweeps.Store.FindAsync(id, CancellationToken.None);
            context.Output.Note(await platform.Sweeps.IsWorkedOnAsync(id, CancellationToken.None)
                ? $"{id} goes on in another process, which is at {SweepsCommands.Text(record.Evaluated)} of {SweepsCommands.Text(record.Total)} combos; "
                + $"'sigmatiq sweeps cancel {id}' ends it there and keeps what is evaluated."
                : $"{id} is stopped at {SweepsCommands.Text(record.Evaluated)} of {SweepsCommands.Text(record.Total)} combos. It goes on with 'sigmatiq sweeps run --resume {id}'; "
                + $"'sigmatiq sweeps cancel {id}' ends it and keeps what is evaluated.");
            throw;
        }
    }

    private static string CombosText(SweepPlan plan, bool isSample) => !isSample
        ? SweepsCommands.Text(plan.Total)
        : string.Create(CultureInfo.InvariantCulture, $"{plan.Total} of {plan.Grid.Size}: a sample of {plan.ComboIds.Count} in which every value stands")
            + (plan.RefineBudget > 0 ? $", then {SweepsCommands.Text(plan.RefineBudget)} around its best" : "");

    private static void Warn(CommandContext context, SweepPlan plan)
    {
        foreach (Problem warning in plan.Warnings)
        {
            context.Output.Warning(warning.ToString());
        }
    }
}
