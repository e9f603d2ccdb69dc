using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Import;
using Sigmatiq.Tests.Backtest.Sweeps;

namespace Sigmatiq.Tests.Backtest.Leaderboard;

public sealed class JudgedLeaderboardTests
{
    [Fact]
    public async Task Beside_each_row_stands_what_it_is_worth_as_the_store_knows_it_now()
    {
        using var room = SweepRoom.Open();
        StoredSweep sweep = await room.Store.LoadAsync((await room.RunAsync(Work())).SweepId, SweepRoom.Ct);
        JudgedLeaderboard judged = await JudgeAsync(room, sweep);
        JsonObject json = judged.ToJson();
        json["trials"]!["raw"]!.GetValue<int>().Should().Be(48);
        json["overfit"]!["splits"]!.GetValue<int>().Should().Be(12_870);
        json["overfit"]!["pbo"]!.GetValue<double>().Should().BeInRange(0, 1);
        JsonArray rows = json["leaderboard"]!.AsArray();
        rows.Should().HaveCount(48);
        rows.Should().OnlyContain(r => (r!["deflated_sharpe"] != null) != (r["deflated_sharpe_reason"] != null), "each has one, or says why not");
        rows.Count(r => r!["break_even_bps"] is not null).Should().Be(sweep.Leaderboard.Rows.Count(r => r.Trades > 0));
        judged.Words().Should().StartWith($"{judged.Deflation.Count.Different} different trials on this idea so far, 48 in all. Probability of overfitting 0.");
        json["leaderboard_hash"]!.GetValue<string>().Should().Be(sweep.LeaderboardHash, "what the store learns later is no part of the result");

        // One more sweep on the idea, and the same rows are worth less or the same.
        await room.RunAsync(SomeSweep.Work(SomeSweep.Custom("""{"thresholds": [0.51, 0.63], "allowed_hours": ["all_day"], "position_size_pct": [2], "rsi_period": [7, 35]}""")));
        JudgedLeaderboard later = await JudgeAsync(room, sweep);
        later.Deflation.Count.Different.Should().BeGreaterThan(judged.Deflation.Count.Different);
        later.Rows[0].Deflated.Should().NotBe(judged.Rows[0].Deflated);
    }

    [Fact]
    public async Task The_probability_of_overfitting_is_that_of_the_different_combos_and_threads_do_not_change_it()
    {
        using SweepRoom room = SweepRoom.Open(), other = SweepRoom.Open();
        StoredSweep one = await room.RunAsync(Work(), threads: 1), two = await other.RunAsync(Work(), threads: 2);
        one.Overfit.Should().Be(two.Overfit);
        one.Overfit!.Combos.Should().Be(one.Leaderboard.Rows.Count(r => r.DuplicateOf is null));
        one.Overfit.LongestHoldDays.Should().Be(one.Combos.Values.Max(c => c.Robust.LongestHoldDays));
        (await room.Store.LoadAsync(one.SweepId, SweepRoom.Ct)).Overfit.Should().Be(one.Overfit);
    }

    [Fact]
    public async Task The_daily_returns_of_its_different_combos_give_the_same_probability_again()
    {
        using var room = SweepRoom.Open();
        using var folder = new TemporaryFolder();
        StoredSweep sweep = await room.RunAsync(Work());
        using (StreamWriter csv = File.CreateText(folder["returns.csv"]))
        {
            SweepReturns.Write(room.Data, sweep, csv, SweepRoom.Ct);
        }

        ReturnMatrix matrix = ReturnMatrixFile.Read(folder["returns.csv"]);
        // Of each two sizes the one with the better Sharpe ratio, however they were numbered.
        matrix.Names.Should().Equal(sweep.Leaderboard.Rows.GroupBy(r => r.DuplicateOf ?? r.ComboId).OrderBy(g => g.Key).Select(g => $"combo_{g.OrderByDescending(r => r.Sharpe).First().ComboId}"));
        matrix.Names.Should().NotEqual(sweep.Leaderboard.Rows.Where(r => r.DuplicateOf is null).Select(r => r.ComboId).Order().Select(c => $"combo_{c}"), "the first is the smaller one");
        OverfitReport report = OverfitReport.Of(matrix.Returns, 252, null, 1, SweepRoom.Ct);
        sweep.Overfit!.Value.Should().NotBeNull();
        report.Overfit.Should().Be(sweep.Overfit with { LongestHoldDays = 0 });
        StoredCombo best = sweep.Combo(int.Parse(matrix.Names[report.Best!.Value][6..]));
        report.Moments.SharpePerPeriod!.Value.Should().BeApproximately(best.Robust.Trial!.SharpePerPeriod!.Value, 1e-9);
        report.Moments.Kurtosis!.Value.Should().BeApproximately(best.Robust.Trial.Kurtosis!.Value, 1e-6);
    }

    private static SweepWork Work() => SomeSweep.Work(SomeSweep.Custom(
        """{"thresholds": [0.5, 0.6], "allowed_hours": ["all_day"], "position_size_pct": [1, 2], "rsi_period": [9, 14, 21, 28], "stop_loss_pct": [1, 1.5, 2.5]}"""));

    private static async Task<JudgedLeaderboard> JudgeAsync(SweepRoom room, StoredSweep sweep) => JudgedLeaderboard.Of(
        sweep, await room.Ledger.DeflationAsync(sweep, SweepRoom.Ct), SweepTrades.Read(room.Data, sweep.SweepId, SweepRoom.Ct));
}
