using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Shards;

namespace Sigmatiq.Workflows.Steps;

/// <summary>What to sweep on which bars.</summary>
/// <param name="Pack">Pack as <c>id@version</c>.</param>
/// <param name="Snapshot">The pinned bars.</param>
/// <param name="LastSession">Bars of later sessions are not seen.</param>
/// <param name="Kind"><c>simple</c>: the 45 combos of spec 02 §2.1.</param>
/// <param name="Set">Model parameters that differ from the pack.</param>
/// <param name="From">First session; null takes all.</param>
/// <param name="To">Last session; null takes all.</param>
/// <param name="Select">How many of the best combos go on.</param>
/// <param name="Confidence">What thresholds compare with: <c>classifier</c> or <c>rule</c>.</param>
public sealed record SweepInput(
    string Pack, string Snapshot, DateOnly LastSession, [Words("simple")] string Kind, JsonObject Set, DateOnly? From = null, DateOnly? To = null, int Select = 2,
    [Words("classifier", "rule")] string Confidence = "classifier");

/// <summary>What the sweep gave.</summary>
/// <param name="Sweep">Id of the sweep.</param>
/// <param name="SweepId">The same id, under the name of the leaderboard file.</param>
/// <param name="Model">The model that was made or found.</param>
/// <param name="PackHash">Content of the pack.</param>
/// <param name="Evaluated">Combos evaluated.</param>
/// <param name="Passed">Combos that pass every gate.</param>
/// <param name="Marginal">Combos that miss a limit by a tenth at most.</param>
/// <param name="Failed">Combos that fail.</param>
/// <param name="GateFailed">Whether none passed, so that what goes on is for evidence only.</param>
/// <param name="Best">Combos that go on, best first.</param>
/// <param name="LeaderboardHash">Hash of the leaderboard, without ids and times.</param>
/// <param name="FileHashes">Hashes of the result tables, by name; the leaderboard file carries its sweep's id and is not among them.</param>
public sealed record SweepOutput(
    string Sweep, string SweepId, string Model, string PackHash, int Evaluated, int Passed, int Marginal, int Failed, bool GateFailed,
    IReadOnlyList<int> Best, string LeaderboardHash, IReadOnlyDictionary<string, string> FileHashes);

/// <summary>Stage 2, first half: makes the model, cuts the hold-out off, runs the combos on the rest and ranks them.</summary>
public sealed class SweepStep(PackLibrary packs, ModelStore models, BarStore bars, SweepJobs jobs, CancelledSweep ending, Func<ShardPool> pool) : StepKind<SweepInput, SweepOutput>
{
    /// <inheritdoc/>
    public override string Name => "backtest.sweep";

    /// <inheritdoc/>
    public override bool IsReusable => true;

    /// <inheritdoc/>
    public override string Summary => "Run a sweep of one model on pinned bars and rank its combos";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, SweepInput input, CancellationToken ct)
    {
        if (input.Kind != "simple")
        {
            return new StepOutcome.Failed(
                new("SWS-1001", $"The sweep is of kind '{input.Kind}'.", $"step {context.Step}", "Write kind: simple.", ExitCode.BadUsage), FailureCategories.Refused);
        }

        if (!EnumWords<ConfidenceKind>.Words.TryGetValue(input.Confidence, out ConfidenceKind confidence))
        {
            return new StepOutcome.Failed(
                new("SWS-1001", $"There is no confidence '{input.Confidence}'.", $"step {context.Step}", "Write confidence: classifier or rule.", ExitCode.BadUsage),
                FailureCategories.Refused);
        }

        Pack pack = packs.LoadUsable(input.Pack);
        BarSnapshot snapshot = await bars.FindAsync(ContentHash.Parse(input.Snapshot), ct);
        KeyValuePair<string, double>[] overrides =
            [.. input.Set.Select(s => KeyValuePair.Create(s.Key, double.Parse(s.Value!.ToJsonString(), CultureInfo.InvariantCulture)))];
        ModelCreated model = await models.CreateAsync(ModelBuilder.Default(pack, snapshot.Symbol.Value, context.RequestedBy, overrides), pack, ct);
        foreach (Problem warning in model.Warnings)
        {
            context.Log(warning.ToString());
        }

        var calendar = Instrument.Of(snapshot.Symbol).Calendar;
        SweepRequest request = SweepRequest.Simple(model.Model.Id, input.From, input.To) with { Confidence = confidence };
        SweepPlan plan = SweepPlan.Of(request, pack, model.Config, Plan.Unlimited, calendar).Value;
        foreach (Problem warning in plan.Warnings)
        {
            context.Log(warning.ToString());
        }

        BarColumns columns = bars.Read(snapshot.Id, ct);
        SweepWork work = new(plan, columns, calendar, snapshot.Id.Hex, snapshot.SourceVersion, input.LastSession);
        StoredSweep stored = await ending.OrEndRunAsync(context, async () =>
        {
            SweepBegun begun = await jobs.Store.BeginAsync(work, context.RequestedBy, force: false, ct);
            return await jobs.RunAsync(
                begun.SweepId, work, Environment.ProcessorCount, PoolSpread.Of(pool(), context), at => context.Report(at.Done, at.Total, at.ToString()), ct);
        }, ct);

        LeaderboardFile board = stored.Leaderboard;
        IReadOnlyList<BestCombo> best = stored.Chosen(input.Select);
        context.Log($"{board.Rows.Count} combos on {stored.Window["selection"]?.ToJsonString()}: {board.Passed} pass, {board.Marginal} marginal, {board.Failed} fail");
        return Done(new SweepOutput(
            stored.SweepId, stored.SweepId, model.Model.Id, pack.Hash.Hex, board.Rows.Count, board.Passed, board.Marginal, board.Failed,
            best.Any(b => b.IsGateFailed), [.. best.Select(b => b.Row.ComboId)], stored.LeaderboardHash,
            stored.Files.Where(f => f.Key.EndsWith(".parquet", StringComparison.Ordinal)).ToDictionary(f => f.Key, f => f.Value)));
    }
}
