using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;

namespace Sigmatiq.Benchmarks;

/// <summary>One combo as the workload's definition names it; shares are fractions, null is "none".</summary>
internal sealed record DefinedCombo(int Id, int Period, double Level, double? StopLoss, double? TakeProfit, double? Trail, double Size, HourSet Hours);

/// <summary>A grid of the workload: the combos in the definition's own nesting, and the plan of the pack that runs them.</summary>
internal sealed class SweepGrid
{
    public static readonly string[] Names = ["large", "sizefree", "small"];

    private static readonly string[] LargeOrder =
        ["rsi_period", "rsi_oversold", "stop_loss_pct", "take_profit_pct", "trailing_stop_pct", "position_size_pct", "allowed_hours"];

    private static readonly string[] SmallOrder =
        ["rsi_period", "stop_loss_pct", "take_profit_pct", "trailing_stop_pct", "rsi_oversold", "allowed_hours", "position_size_pct"];

    private SweepGrid(SweepPlan plan, int[] rows, DefinedCombo[] combos)
    {
        Plan = plan;
        Rows = rows;
        Combos = combos;
    }

    /// <summary>The plan, whose ids run in the order of the parameter registry.</summary>
    public SweepPlan Plan { get; }

    /// <summary>Where combo i of the definition stands in the plan, from 0.</summary>
    public int[] Rows { get; }

    /// <summary>The combos in the order of the definition.</summary>
    public DefinedCombo[] Combos { get; }

    /// <summary>The ids whose trade lists the oracle writes: a prime stride, so that every axis value turns up.</summary>
    public IEnumerable<int> OracleIds => Enumerable.Range(0, 20).Select(i => ((5303 * i) + 4) % Combos.Length).Distinct().Order();

    /// <summary>Plans a grid for some bars.</summary>
    public static SweepGrid Of(string grid, BarColumns bars)
    {
        Pack pack = new PackLibrary(Path.Combine(Home(), "packs")).Load("rsi-ema-stops@1.0.0");
        ModelConfig model = ModelBuilder.Build(ModelBuilder.Default(pack, bars.Symbol.Value, "operator", []), pack, DateTimeOffset.UnixEpoch).Value.Config;
        string parameters = grid == "small"
            ? """
              { "rsi_period": [14], "rsi_oversold": [40,45,50,55,60], "stop_loss_pct": [1], "take_profit_pct": [2], "trailing_stop_pct": ["none"],
                "position_size_pct": [20,60,100], "allowed_hours": ["all_day",[13,14,15],[16,17]] }
              """
            : $$"""
              { "rsi_period": [14,21,28], "rsi_oversold": [30,35,40,45,50,55,60], "stop_loss_pct": ["none",0.5,1,2], "take_profit_pct": ["none",1,2],
                "trailing_stop_pct": ["none",0.75,1.5], "position_size_pct": {{(grid == "large" ? "[20,40,60,80,100]" : "[100]")}},
                "allowed_hours": ["all_day",[13,14,15],[16,17],[18,19,20],[15,16,17,18,19]] }
              """;
        SweepRequest request = SweepRequest.Parse(new JsonObject
        {
            ["model_id"] = model.Id, ["sweep_type"] = "custom", ["holdout"] = 0, ["parameters"] = JsonNode.Parse(parameters),
        }).Value;
        SweepPlan plan = SweepPlan.Of(request, pack, model, Sigmatiq.Packs.Grid.Plan.Unlimited, NyseCalendar.Instance).Value;
        int[] rows = RowsInDefinitionOrder(plan, grid == "small" ? SmallOrder : LargeOrder);
        EffectiveConfig[] configs = [.. plan.Configs()];
        return new(plan, rows, [.. rows.Select((row, id) => Define(id, configs[row]))]);
    }

    /// <summary>The label that the oracle's files have for some hours: <c>all</c> or <c>13-15</c>.</summary>
    public static string HoursText(HourSet hours) => hours == HourSet.All
        ? "all"
        : string.Create(CultureInfo.InvariantCulture, $"{hours.Hours[0]}-{hours.Hours[^1]}");

    private static DefinedCombo Define(int id, EffectiveConfig config) => new(
        id, (int)config.Combo.Find("rsi_period")!.Number!.Value, config.Combo.Find("rsi_oversold")!.Number!.Value, config.StopLoss, config.TakeProfit, config.TrailingStop,
        config.PositionSize!.Value, config.AllowedHours);

    // The definition's ids count from 0 in its own nesting; row r of the answer is where combo r of the definition stands in the plan.
    private static int[] RowsInDefinitionOrder(SweepPlan plan, string[] order)
    {
        IReadOnlyList<GridAxis> axes = plan.Grid.Axes;
        int[] axisOf = [.. order.Select(key => axes.Index().First(a => a.Item.Key == key).Index)];
        int[] rows = new int[(int)plan.Grid.Size], at = new int[axes.Count];
        for (int id = 0; id < rows.Length; id++)
        {
            int rest = id;
            for (int a = order.Length - 1; a >= 0; a--)
            {
                int count = axes[axisOf[a]].Values.Count;
                at[axisOf[a]] = rest % count;
                rest /= count;
            }

            rows[id] = plan.Grid.IdOf(at) - 1;
        }

        return rows;
    }

    private static string Home()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sigmatiq.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new UsageException("The pack is read from the checkout, and Sigmatiq.sln is in no folder above the program.");
    }
}
