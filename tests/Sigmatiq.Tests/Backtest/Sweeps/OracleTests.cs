using System.IO.Compression;
using Sigmatiq.Backtest;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Sweeps;

namespace Sigmatiq.Tests.Backtest.Sweeps;

/// <summary>The engine against the benchmark's oracle: trade lists of 20 combos, four metrics of all 18,900.</summary>
public sealed class OracleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_engine_gives_the_trade_lists_of_the_oracle_exactly(int threads)
    {
        var work = new BenchWorkload();
        string[] files = Directory.GetFiles(work.Oracle, "trades_*.csv");
        files.Should().HaveCount(20);
        SweepOutcome outcome = new SweepEngine(work.Fills, EngineOptions.Bench, 0, work.Fills.Count)
            .Run(work.Signals, work.Combos, threads, null, TestContext.Current.CancellationToken);
        int compared = 0;
        foreach (string file in files)
        {
            int id = int.Parse(Path.GetFileNameWithoutExtension(file)["trades_".Length..]);
            string[][] want = [.. File.ReadLines(file).Skip(1).Select(l => l.Split(','))];
            TradePath path = outcome.Paths[id];
            BacktestResult alone = new BacktestRun(
                work.Fills, EngineOptions.Bench, work.Signals[work.Combos[id].SignalSet], work.Combos[id].Barriers, work.Combos[id].Size, 0, work.Fills.Count).Execute();
            path.Count.Should().Be(want.Length, file);
            for (int i = 0; i < want.Length; i++)
            {
                string[] got =
                [
                    $"{path.EntryBar[i]}", $"{path.ExitBar[i]}", path.Reason[i].Text(),
                ];
                got.Should().Equal([want[i][0], want[i][2], want[i][4]], $"{file} trade {i}");
                path.EntryPrice[i].Should().Be(BenchWorkload.Number(want[i][1]), file);
                path.ExitPrice[i].Should().Be(BenchWorkload.Number(want[i][3]), file);
                alone.Account.Quantity[i].Should().Be(BenchWorkload.Number(want[i][5]), file);
                compared++;
            }
        }

        compared.Should().BeGreaterThan(400);
    }

    [Fact]
    public void The_metrics_of_all_18_900_combos_equal_the_oracles_to_1e_9()
    {
        var work = new BenchWorkload();
        SweepOutcome outcome = new SweepEngine(work.Fills, EngineOptions.Bench, 0, work.Fills.Count)
            .Run(work.Signals, work.Combos, 2, null, TestContext.Current.CancellationToken);
        using var zip = new GZipStream(File.OpenRead(Path.Combine(work.Oracle, "all_metrics.csv.gz")), CompressionMode.Decompress);
        using var lines = new StreamReader(zip);
        lines.ReadLine().Should().Be("id,p,L,sl,tp,tr,s,H,trades,wins,total_return,max_drawdown,sharpe");
        int count = 0;
        while (lines.ReadLine() is { } line)
        {
            string[] want = line.Split(',');
            int id = int.Parse(want[0]);
            id.Should().Be(count++);
            Score score = outcome.Scores[id];
            (score.Trades, score.Wins).Should().Be((int.Parse(want[8]), int.Parse(want[9])), line);
            Near(score.TotalReturn, want[10], line);
            // The benchmark writes drawdown as a positive number and a Sharpe without variance as 0.
            Near(-score.MaxDrawdown, want[11], line);
            Near(double.IsNaN(score.Sharpe) ? 0 : score.Sharpe, want[12], line);
        }

        count.Should().Be(18_900);
        outcome.DistinctPaths.Should().Be(2_835, "three of the twelve stop and trail pairs have a stop that never fires");
    }

    [Fact]
    public void Scores_do_not_depend_on_the_number_of_threads()
    {
        var work = new BenchWorkload();
        var engine = new SweepEngine(work.Fills, EngineOptions.Bench, 0, work.Fills.Count);
        SweepOutcome one = engine.Run(work.Signals, work.Combos, 1, null, TestContext.Current.CancellationToken);
        SweepOutcome four = engine.Run(work.Signals, work.Combos, 4, null, TestContext.Current.CancellationToken);
        four.Scores.Should().Equal(one.Scores);
    }

    [Fact]
    public void The_full_metrics_of_a_run_repeat_its_sweep_score_bit_for_bit()
    {
        var work = new BenchWorkload();
        SweepOutcome outcome = new SweepEngine(work.Fills, EngineOptions.Bench, 0, work.Fills.Count)
            .Run(work.Signals, work.Combos, 2, null, TestContext.Current.CancellationToken);
        for (int id = 4; id < work.Combos.Count; id += 997)
        {
            ComboWork combo = work.Combos[id];
            MetricSet metrics = new BacktestRun(work.Fills, EngineOptions.Bench, work.Signals[combo.SignalSet], combo.Barriers, combo.Size, 0, work.Fills.Count).Execute().Metrics;
            (metrics.TotalReturn, metrics.MaxDrawdown, metrics.TotalTrades).Should().Be((outcome.Scores[id].TotalReturn, outcome.Scores[id].MaxDrawdown, outcome.Scores[id].Trades));
            (metrics.SharpeRatio ?? double.NaN).Should().Be(outcome.Scores[id].Sharpe);
        }
    }

    private static void Near(double got, string want, string line)
    {
        if (!(Math.Abs(got - BenchWorkload.Number(want)) <= 1e-9))
        {
            Assert.Fail($"{got:R} is not {want} in {line}");
        }
    }
}
