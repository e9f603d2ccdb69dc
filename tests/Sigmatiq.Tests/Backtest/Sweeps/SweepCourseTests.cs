using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Columns;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Sweeps;

/// <summary>Samples, refinement, early stop and pruning of large grids (02 §2.4).</summary>
public sealed class SweepCourseTests : IDisposable
{
    // 4 thresholds x 5 sizes x 3 lengths x 4 stops x 3 targets x 3 trails = 2,160 combos.
    private const string Large = """
        {"thresholds": [0.5, 0.55, 0.6, 0.65], "position_size_pct": [1, 2, 3, 4, 5], "rsi_period": [14, 21, 28], "stop_loss_pct": [3, 4, 5, 6],
         "take_profit_pct": [8, 12, 16], "trailing_stop_pct": [3, 5, 7]}
        """;

    private readonly SweepRoom room = SweepRoom.Open();

    private static CancellationToken Ct => SweepRoom.Ct;

    [Fact]
    public void Agreement_of_two_top_lists_is_kendalls_tau_with_the_missing_at_the_end()
    {
        int[] ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        EarlyStop.Agreement(ten, ten).Should().Be(1);
        EarlyStop.Agreement(ten, [.. ten.Reverse()]).Should().Be(-1);

        // Neighbours swapped: one of 45 pairs is discordant, (44 - 1)/45.
        EarlyStop.Agreement(ten, [2, 1, 3, 4, 5, 6, 7, 8, 9, 10]).Should().BeApproximately(43.0 / 45, 1e-15);

        // The last replaced: 11 stand on either list, of 55 pairs only (10, 11) is discordant, (54 - 1)/55.
        EarlyStop.Agreement(ten, [1, 2, 3, 4, 5, 6, 7, 8, 9, 11]).Should().BeApproximately(53.0 / 55, 1e-15);

        // Two replaced: 12 on either, 66 pairs; each list ties one pair (its two missing); the four pairs of a new with an old are discordant,
        // and 66 - 2 - 4 = 60 agree: (60 - 4)/sqrt(65 * 65).
        EarlyStop.Agreement(ten, [1, 2, 3, 4, 5, 6, 7, 8, 11, 12]).Should().BeApproximately(56.0 / 65, 1e-15);
        EarlyStop.Agreement([], []).Should().Be(0);
    }

    [Fact]
    public async Task An_early_stop_ends_at_the_same_combo_whatever_the_threads_and_interruptions()
    {
        // Whether a ranking settles depends on the order drawn; of ten orders some do.
        var (work, one) = Enumerable.Range(1, 10).Select(seed => SomeSweep.Work(SomeSweep.Custom(Large, $", \"early_stop\": true, \"seed\": {seed}")))
            .Select(w => (w, SomeSweep.Run(w, 1))).First(r => r.Item2.Course.IsStoppedEarly);
        SweepResult two = SomeSweep.Run(work, 2);
        one.Combos.Count.Should().BeInRange(400, 2_100).And.Match(n => n % EarlyStop.Window == 0);
        one.Course.Agreements.TakeLast(3).Should().OnlyContain(t => t >= 0.95);
        two.Combos.Select(c => c.ComboId).Should().Equal(one.Combos.Select(c => c.ComboId));
        two.Leaderboard.Hash.Should().Be(one.Leaderboard.Hash);

        using var stop = new CancellationTokenSource();
        string id = (await room.Store.BeginAsync(work, "user:operator", false, Ct)).SweepId;
        await FluentActions.Awaiting(() => room.Jobs.RunAsync(id, work, 2, p =>
        {
            if (p.Done >= 250)
            {
                stop.Cancel();
            }
        }, stop.Token)).Should().ThrowAsync<OperationCanceledException>();
        StoredSweep resumed = await room.Jobs.RunAsync(id, work, 1, null, Ct);
        resumed.LeaderboardHash.Should().Be(one.Leaderboard.Hash.Hex);
        (resumed.Status, resumed.Evaluated < resumed.Total, resumed.Course!["stopped_early"]!.GetValue<bool>()).Should().Be(("completed", true, true));
        (await room.Store.LoadAsync(id, Ct)).ToJson().ToJsonString().Should().Be(resumed.ToJson().ToJsonString());
    }

    [Fact]
    [Trait("Row", "S0-11")]
    public void A_sample_keeps_a_fifth_of_its_budget_for_the_neighbours_of_its_best_where_it_is_asked_to()
    {
        // 20 thresholds x 25 sizes x 3 lengths x 4 stops = 6,000 combos, above the cap of 3,000.
        string parameters = $$"""
            {"thresholds": [{{string.Join(",", Enumerable.Range(0, 20).Select(i => 0.30 + (0.02 * i)))}}],
             "position_size_pct": [{{string.Join(",", Enumerable.Range(1, 25).Select(i => 0.2 * i))}}], "rsi_period": [14, 21, 28], "stop_loss_pct": [3, 4, 5, 6]}
            """;
        SweepPlan plan = SweepPlan.Of(SomeSweep.Custom(parameters, ", \"refine\": true"), SomePack.Swing, SomeSweep.Model, Plan.Pro, NyseCalendar.Instance).Value;
        (plan.ComboIds.Count, plan.RefineBudget, plan.Total, plan.Grid.Size).Should().Be((2_400, 600, 3_000, 6_000));
        SweepResult result = SomeSweep.Run(SomeSweep.Work() with { Plan = plan }, 2);
        result.Course.Drawn.Should().Be(2_400);
        result.Course.Refined.Should().BeInRange(1, 600);
        result.Combos.Count.Should().Be(2_400 + result.Course.Refined);
        HashSet<int> sample = [.. plan.ComboIds], evaluated = [.. result.Combos.Select(c => c.ComboId)];
        evaluated.Should().Contain(sample);

        // Whoever was added lies one step from somebody that was there.
        foreach (int id in evaluated.Except(sample))
        {
            int[] at = plan.Grid.Indices(id);
            evaluated.Any(other => other != id && plan.Grid.Indices(other).Zip(at).Sum(p => Math.Abs(p.First - p.Second)) == 1).Should().BeTrue();
        }

        // Where the budget was not used up, the best have no neighbour left.
        if (result.Course.Refined < 600)
        {
            foreach (LeaderboardRow best in result.Leaderboard.Rows.Take(10))
            {
                int[] at = plan.Grid.Indices(best.ComboId);
                for (int axis = 0; axis < at.Length; axis++)
                {
                    foreach (int step in (int[])[-1, 1])
                    {
                        int[] beside = [.. at];
                        beside[axis] += step;
                        if (beside[axis] >= 0 && beside[axis] < plan.Grid.Axes[axis].Values.Count)
                        {
                            evaluated.Should().Contain(plan.Grid.IdOf(beside));
                        }
                    }
                }
            }
        }

        SomeSweep.Run(SomeSweep.Work() with { Plan = plan }, 1).Leaderboard.Hash.Should().Be(result.Leaderboard.Hash);
    }

    [Fact]
    public async Task A_large_sweep_stores_the_trades_of_combos_that_no_other_beats_and_the_figures_of_all()
    {
        SweepWork work = SomeSweep.Work(SomeSweep.Custom(Large));
        work.Plan.Detail.Should().Be(SweepDetail.Pareto);
        StoredSweep stored = await room.RunAsync(work, threads: 2);
        ColumnSet trades = ParquetFile.Read(SweepFiles.PathOf(room.Data, stored.SweepId, SweepFiles.Trades), ["combo_id"], Ct);
        HashSet<int> kept = [.. trades["combo_id"].Ints];
        (int Id, double Sharpe, double Depth, int Trades)[] points =
            [.. stored.Leaderboard.Rows.Select(r => (r.ComboId, r.Sharpe ?? double.NegativeInfinity, Math.Abs(r.MaxDrawdown ?? 0), r.Trades))];
        int[] front = [.. points.Where(p => !points.Any(o => o.Sharpe >= p.Sharpe && o.Depth <= p.Depth && o.Trades >= p.Trades
            && (o.Sharpe, o.Depth, o.Trades) != (p.Sharpe, p.Depth, p.Trades))).Select(p => p.Id)];
        front.Length.Should().BeInRange(1, points.Length / 2);
        kept.Should().BeSubsetOf(front);
        front.Where(id => stored.Combo(id).Row.Trades > 0).Should().BeSubsetOf(kept);
        StoredSweep loaded = await room.Store.LoadAsync(stored.SweepId, Ct);
        int pruned = points.First(p => !front.Contains(p.Id)).Id;
        loaded.ResultJson(pruned)["pruned"]!.GetValue<bool>().Should().BeTrue();
        loaded.ResultJson(pruned)["trades_uri"].Should().BeNull();
        loaded.ResultJson(pruned)["metrics"]!.AsObject().Should().NotBeEmpty();
        loaded.ResultJson(front[0])["pruned"]!.GetValue<bool>().Should().BeFalse();
        (await room.Ledger.CountAsync(work.Hypothesis, Ct)).Raw.Should().Be(points.Length);
        ParquetFile.Read(SweepFiles.PathOf(room.Data, stored.SweepId, SweepFiles.Returns), ["combo_id"], Ct)["combo_id"].Ints.Distinct().Should().HaveCount(points.Length);
        SomeSweep.Work(SomeSweep.Custom(Large, ", \"detail\": \"all\"")).Plan.Detail.Should().Be(SweepDetail.All);
        SomeSweep.Work().Plan.Detail.Should().Be(SweepDetail.All);
    }

    [Theory]
    [InlineData("early_stop", Plan.Premium, "SWS-1004")]
    [InlineData("refine", Plan.Premium, "SWS-1004")]
    [InlineData("early_stop", Plan.Pro, null)]
    [InlineData("refine", Plan.Unlimited, null)]
    public void Early_stop_and_refinement_are_of_the_pro_plan(string key, Plan plan, string? code)
    {
        ParseResult<SweepPlan> planned = SweepPlan.Of(
            SomeSweep.Custom("""{"thresholds": [0.5, 0.6]}""", $", \"{key}\": true"), SomePack.Swing, SomeSweep.Model, plan, NyseCalendar.Instance);
        (planned.IsOk ? null : planned.Problems[0].Code).Should().Be(code);
    }

    public void Dispose() => room.Dispose();
}
