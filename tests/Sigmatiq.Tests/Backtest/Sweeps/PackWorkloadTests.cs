using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Sweeps;

/// <summary>The benchmark's workload as a pack in YAML, run by the sweep runner that runs every pack, against the oracle.</summary>
public sealed class PackWorkloadTests
{
    private static readonly ModelConfig Model =
        ModelBuilder.Build(ModelBuilder.Default(SomePack.Bench, "SPY", "operator", []), SomePack.Bench, SomePack.CreatedAt).Value.Config;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_pack_gives_the_trade_lists_of_the_oracle_exactly(int threads)
    {
        var bench = new BenchWorkload();
        SweepPlan plan = SweepPlan.Of(Request(), SomePack.Bench, Model, Plan.Unlimited, NyseCalendar.Instance).Value;
        plan.ComboIds.Should().HaveCount(18_900);

        // The definition nests in another order than the registry, so its ids are found by their values.
        int[][] axes = [.. Enumerable.Range(0, 18_900).Select(IndicesOf)];
        string[] files = Directory.GetFiles(bench.Oracle, "trades_*.csv");
        files.Should().HaveCount(20);
        int[] ids = [.. files.Select(f => int.Parse(Path.GetFileNameWithoutExtension(f)["trades_".Length..]))];
        int[] comboIds = [.. ids.Select(id => plan.Grid.IdOf(axes[id]))];
        SweepWork work = new(plan with { ComboIds = [.. comboIds.Order()] }, bench.Bars, NyseCalendar.Instance, SomeSweep.Snapshot, "import-1");
        SweepResult result = SomeSweep.Run(work, threads);
        (result.Start, result.Inputs.Window.To, result.ScoreSource).Should().Be((0, bench.Bars.Count, "none"));
        int compared = 0;
        for (int f = 0; f < files.Length; f++)
        {
            string[][] want = [.. File.ReadLines(files[f]).Skip(1).Select(l => l.Split(','))];
            ComboResult combo = result.Combos.Single(c => c.ComboId == comboIds[f]);
            TradePath path = combo.Account.Path;
            path.Count.Should().Be(want.Length, files[f]);
            for (int i = 0; i < want.Length; i++)
            {
                ($"{path.EntryBar[i]}", $"{path.ExitBar[i]}", path.Reason[i].Text()).Should().Be((want[i][0], want[i][2], want[i][4]), $"{files[f]} trade {i}");
                path.EntryPrice[i].Should().Be(BenchWorkload.Number(want[i][1]), files[f]);
                path.ExitPrice[i].Should().Be(BenchWorkload.Number(want[i][3]), files[f]);
                combo.Account.Quantity[i].Should().Be(BenchWorkload.Number(want[i][5]), files[f]);
                compared++;
            }
        }

        compared.Should().BeGreaterThan(400);
    }

    // The definition: p, L, sl, tp, tr, s, H, the last fastest. The registry: hours, size, p, L, sl, tp, tr.
    private static int[] IndicesOf(int id)
    {
        int[] counts = [3, 7, 4, 3, 3, 5, 5], at = new int[7];
        for (int a = 6; a >= 0; a--)
        {
            at[a] = id % counts[a];
            id /= counts[a];
        }

        return [at[6], at[5], at[0], at[1], at[2], at[3], at[4]];
    }

    private static SweepRequest Request() => SweepRequest.Parse(JsonNode.Parse("""
        { "model_id": "bench", "sweep_type": "custom", "holdout": 0, "parameters": {
            "rsi_period": [14,21,28], "rsi_oversold": [30,35,40,45,50,55,60],
            "stop_loss_pct": ["none",0.5,1,2], "take_profit_pct": ["none",1,2], "trailing_stop_pct": ["none",0.75,1.5],
            "position_size_pct": [20,40,60,80,100],
            "allowed_hours": ["all_day",[13,14,15],[16,17],[18,19,20],[15,16,17,18,19]] } }
        """)).Value;
}
