using System.Text.Json.Nodes;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Tests.Packs.Grid;

public sealed class SweepPlanTests
{
    private const string Custom = """
        { "model_id": "spy_swing_momentum_v1", "sweep_type": "custom", "date_range": {"start": "2022-01-01", "end": "2023-12-31"},
          "parameters": {
            "thresholds": [0.45,0.50,0.55,0.60,0.65,0.70,0.75],
            "allowed_hours": [[9,10],[9,10,11],[13,14,15],[14,15,16],"all_day"],
            "position_size_pct": [1,2,3,4,5],
            "rsi_period": [14,21,28], "stop_loss_pct": [4,6,8,10], "take_profit_pct": [12,16,20], "trailing_stop_pct": [3,5,7] },
          "quality_gates": {"min_trades": 30, "min_sharpe": 0.7, "max_drawdown_pct": 25},
          "tag": "advanced_optimization_jan2024" }
        """;

    private const string Simple = """
        { "model_id": "spy_swing_momentum_v1", "sweep_type": "simple", "date_range": {"start": "2022-01-01", "end": "2023-12-31"},
          "parameters": { "thresholds": [0.50, 0.55, 0.60, 0.65, 0.70], "allowed_hours": ["all_day", "morning_only", "afternoon_only"], "position_size_pct": [1, 2, 3] },
          "tag": "initial_sweep_jan2024" }
        """;

    [Fact]
    [Trait("Row", "S0-10")]
    [Trait("Row", "S1-37")]
    public void The_simple_sweep_has_45_combos()
    {
        SweepPlan plan = Plan(Simple).Value;
        (plan.Grid.Size, plan.ComboIds.Count, plan.Request.Tag, plan.Request.Seed, plan.Request.HoldoutShare).Should().Be((45, 45, "initial_sweep_jan2024", 42, 0.2));
        (plan.Request.From, plan.Request.To).Should().Be((new(2022, 1, 1), new(2023, 12, 31)));
        plan.Warnings.Should().BeEmpty();
        Plan(Simple, Sigmatiq.Packs.Grid.Plan.Free).Value.Grid.Size.Should().Be(45);
        CanonicalOf(SweepRequest.Simple("spy_swing_momentum_v1", new(2022, 1, 1), new(2023, 12, 31)) with { Tag = "initial_sweep_jan2024" }).Should().Be(CanonicalOf(plan.Request));
    }

    [Fact]
    [Trait("Row", "S1-42")]
    public void Ids_are_row_major_over_threshold_hours_and_size()
    {
        ParameterGrid grid = Plan(Simple).Value.Grid;
        grid.Combo(1).ToJson().ToJsonString().Should().Be("""{"threshold":0.5,"allowed_hours":[9,10,11,12,13,14,15],"position_size_pct":1}""");
        grid.Combo(2).ToJson().ToJsonString().Should().Be("""{"threshold":0.5,"allowed_hours":[9,10,11,12,13,14,15],"position_size_pct":2}""");
        for (int t = 0; t < 5; t++)
        {
            for (int h = 0; h < 3; h++)
            {
                for (int s = 0; s < 3; s++)
                {
                    int id = 1 + (9 * t) + (3 * h) + s;
                    grid.IdOf([t, h, s]).Should().Be(id);
                    grid.Indices(id).Should().Equal(t, h, s);
                }
            }
        }

        // 00 §0.7 C3: the configs printed as 15, 23 and 8 are ids 23, 35 and 12.
        Describe(grid.Combo(23)).Should().Be("0.6 [9,10,11] 2");
        Describe(grid.Combo(35)).Should().Be("0.65 [13,14,15] 2");
        Describe(grid.Combo(12)).Should().Be("0.55 [9,10,11,12,13,14,15] 3");
    }

    [Fact]
    [Trait("Row", "S0-11")]
    [Trait("Row", "S1-39")]
    public void The_custom_sweep_is_counted_as_18_900_and_capped_by_plan()
    {
        Plan(Custom, Sigmatiq.Packs.Grid.Plan.Unlimited).Value.ComboIds.Should().HaveCount(18_900);
        var refused = Plan(Custom, Sigmatiq.Packs.Grid.Plan.Premium).Problems[0];
        refused.Code.Should().Be("SWS-1003");
        refused.Where.Should().Be("grid_size=18900, cap=1000");

        SweepPlan sample = Plan(Custom, Sigmatiq.Packs.Grid.Plan.Pro).Value;
        sample.Grid.Size.Should().Be(18_900);
        sample.ComboIds.Should().HaveCount(3_000).And.BeInAscendingOrder().And.OnlyHaveUniqueItems();
        sample.ComboIds.Should().OnlyContain(id => id >= 1 && id <= 18_900);
        for (int a = 0; a < sample.Grid.Axes.Count; a++)
        {
            sample.ComboIds.GroupBy(id => sample.Grid.Indices(id)[a]).Should().HaveCount(sample.Grid.Axes[a].Values.Count, "every value of every parameter appears");
        }

        Plan(Custom, Sigmatiq.Packs.Grid.Plan.Pro).Value.ComboIds.Should().Equal(sample.ComboIds, "the seed decides");
        Plan(Custom.Replace("\"tag\"", "\"seed\": 43, \"tag\""), Sigmatiq.Packs.Grid.Plan.Pro).Value.ComboIds.Should().NotEqual(sample.ComboIds);
        Plan(Custom.Replace("\"tag\"", "\"on_cap_exceeded\": \"reject\", \"tag\""), Sigmatiq.Packs.Grid.Plan.Pro).Problems[0].Code.Should().Be("SWS-1003");
        Plan(Custom, Sigmatiq.Packs.Grid.Plan.Free).Problems[0].Code.Should().Be("SWS-1004");
    }

    [Fact]
    public void Axes_stand_in_registry_order_whatever_the_order_of_the_request()
    {
        JsonObject json = (JsonObject)JsonNode.Parse(Custom)!;
        json["parameters"] = new JsonObject(((JsonObject)json["parameters"]!).Reverse().Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        Plan(json.ToJsonString(), Sigmatiq.Packs.Grid.Plan.Unlimited).Value.Grid.Axes.Select(a => a.RequestKey).Should().Equal(
            "thresholds", "allowed_hours", "position_size_pct", "rsi_period", "stop_loss_pct", "take_profit_pct", "trailing_stop_pct");
    }

    [Fact]
    public void A_size_above_the_model_s_cap_is_a_warning_and_a_flag()
    {
        SweepPlan plan = Plan(Custom, Sigmatiq.Packs.Grid.Plan.Unlimited).Value;
        plan.Warnings.Select(w => w.Code).Should().BeEquivalentTo("SWS-1005", "SWS-1007");
        EffectiveConfig[] configs = [.. plan.Configs().Take(400)];
        configs.Should().OnlyContain(c => c.ExceedsModelCap == (c.PositionSizePct > 3));
        configs.Count(c => c.ExceedsModelCap).Should().BePositive();
    }

    [Fact]
    [Trait("Row", "S0-12")]
    public void Gates_of_the_request_win_and_missing_ones_fall_back()
    {
        SweepPlan plan = Plan(Simple.Replace("\"tag\"", "\"quality_gates\": {\"min_trades\": 12}, \"tag\"")).Value;
        plan.Gates.Should().Be(new QualityGates(12, 0.7, 25, 40));
        (plan.Gates.MaxDrawdown, plan.Gates.MinWinRate).Should().Be((0.25, 0.4));
        QualityGates.Effective(null, null).Should().Be(new QualityGates(20, 0, 50, null));
        QualityGates.Effective(new(MinSharpe: 1), new(MinTrades: 30)).Should().Be(new QualityGates(30, 1, 50, null));
    }

    [Fact]
    [Trait("Row", "S0-13")]
    public void Top_pct_is_read_as_a_size_with_a_warning()
    {
        SweepPlan plan = Plan(Simple.Replace("\"position_size_pct\": [1, 2, 3]", "\"top_pct\": [0.01, 0.02, 0.03]")).Value;
        plan.Grid.Axes[2].Values.Select(v => v.Number).Should().Equal(1, 2, 3);
        plan.Warnings.Should().Contain(w => w.Code == "SWS-1006" && w.Message.Contains("deprecated"));
        Plan(Simple.Replace("\"position_size_pct\": [1, 2, 3]", "\"position_size_pct\": [1], \"top_pct\": [0.01]")).Problems[0].Code.Should().Be("SWS-1001");
    }

    [Fact]
    [Trait("Row", "S1-38")]
    public void Hour_presets_expand_to_hours_of_the_exchange()
    {
        HourSet.RegularSession(NyseCalendar.Instance).Hours.Should().Equal(9, 10, 11, 12, 13, 14, 15);
        GridAxis hours = Plan(Simple).Value.Grid.Axes[1];
        hours.Values.Select(v => v.Hours!.Value.ToString()).Should().Equal("[9,10,11,12,13,14,15]", "[9,10,11]", "[13,14,15]");
        hours.Values.Select(v => v.ToRequestJson().GetValue<string>()).Should().Equal("all_day", "morning_only", "afternoon_only");
    }

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "\"thresholds\": [0.50,", "\"thresholds\": [1.50,", "SWS-1001" },
        { "\"thresholds\": [0.50, 0.55,", "\"thresholds\": [0.50, 0.5,", "SWS-1001" },
        { "[1, 2, 3]", "[]", "SWS-1001" },
        { "[1, 2, 3]", "[0]", "SWS-1001" },
        { "[1, 2, 3]", "[6]", "SWS-1001" },
        { "[1, 2, 3]", "[\"none\"]", "SWS-1001" },
        { "[1, 2, 3]", "3", "SWS-1001" },
        { "\"morning_only\"", "\"lunch\"", "SWS-1001" },
        { "\"morning_only\"", "[25]", "SWS-1001" },
        { "\"morning_only\"", "[9, 10, 11], \"morning_only\"", "SWS-1001" },
        { "\"simple\"", "\"fancy\"", "SWS-1001" },
        { "\"2023-12-31\"", "\"soon\"", "SWS-1001" },
        { "\"2023-12-31\"", "\"2021-12-31\"", "SWS-1001" },
        { "\"tag\": \"initial_sweep_jan2024\"", "\"colour\": 1", "SWS-1001" },
        { "\"tag\"", "\"seed\": 1.5, \"tag\"", "SWS-1001" },
        { "\"tag\"", "\"holdout\": 1, \"tag\"", "SWS-1001" },
        { "\"tag\"", "\"quality_gates\": {\"max_luck\": 1}, \"tag\"", "SWS-1001" },
        { "\"model_id\": \"spy_swing_momentum_v1\"", "\"model_id\": 3", "SWS-1001" },
        { "\"thresholds\"", "\"rsi_length\"", "SWS-1002" },
        { "\"thresholds\": [0.50, 0.55, 0.60, 0.65, 0.70]", "\"rsi_period\": [14]", "SWS-1002" },
        { "[1, 2, 3]", "[1, 2, 3, 4]", "SWS-1003" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_malformed_request_is_refused(string from, string to, string code)
    {
        Simple.Should().Contain(from);
        ParseResult<SweepPlan> plan = Plan(Simple.Replace(from, to), Sigmatiq.Packs.Grid.Plan.Premium);
        plan.Problems.Select(p => p.Code).Should().NotBeEmpty().And.OnlyContain(c => c == code);
    }

    [Theory]
    [InlineData("\"rsi_period\": [14,21,28]", "\"rsi_period\": [1]", "SWS-1001")]
    [InlineData("\"rsi_period\": [14,21,28]", "\"atr_period\": [14]", "SWS-1002")]
    [InlineData("\"rsi_period\": [14,21,28]", "\"ema_20_period\": [21]", "SWS-1002")]
    [InlineData("\"stop_loss_pct\": [4,6,8,10]", "\"stop_loss_pct\": [-4]", "SWS-1001")]
    [InlineData("\"stop_loss_pct\": [4,6,8,10]", "\"hold_days\": [2.5]", "SWS-1001")]
    public void Values_of_a_custom_sweep_are_held_to_the_ranges_of_overrides(string from, string to, string code) =>
        Plan(Custom.Replace(from, to), Sigmatiq.Packs.Grid.Plan.Unlimited).Problems.Select(p => p.Code).Should().Equal(code);

    [Fact]
    public void An_hour_filter_on_daily_bars_is_refused()
    {
        Pack daily = SomePack.With(("    time_stop_days: 10", "    time_stop_days: 10\n\n  engine:\n    interval: 1d"));
        SweepPlan.Of(SweepRequest.Parse(JsonNode.Parse(Simple)).Value, daily, SomePack.Model, Sigmatiq.Packs.Grid.Plan.Unlimited, NyseCalendar.Instance)
            .Problems.Select(p => p.Code).Should().Equal("SWS-2003");
        SweepRequest allDay = SweepRequest.Parse(JsonNode.Parse(Simple.Replace("\"all_day\", \"morning_only\", \"afternoon_only\"", "\"all_day\""))).Value;
        SweepPlan.Of(allDay, daily, SomePack.Model, Sigmatiq.Packs.Grid.Plan.Unlimited, NyseCalendar.Instance).IsOk.Should().BeTrue();
    }

    [Fact]
    public void A_grid_beyond_counting_is_refused()
    {
        JsonObject json = (JsonObject)JsonNode.Parse(Custom)!;
        JsonArray Many(int from) => new([.. Enumerable.Range(from, 480).Select(i => (JsonNode?)i)]);
        json["parameters"] = new JsonObject
        {
            ["rsi_period"] = Many(2), ["macd_signal_period"] = Many(2), ["adx_period"] = Many(2), ["volume_ma_period"] = Many(2), ["bollinger_bands_period"] = Many(2),
            ["stochastic_k_period"] = Many(2), ["stochastic_d_period"] = Many(2), ["hold_days"] = Many(1),
        };
        Plan(json.ToJsonString(), Sigmatiq.Packs.Grid.Plan.Unlimited).Problems[0].Code.Should().Be("SWS-1003");
    }

    private static string Describe(Combo combo) => $"{combo.Find("threshold")!.Number} {combo.Find("allowed_hours")!.Hours} {combo.Find("position_size_pct")!.Number}";

    private static string CanonicalOf(SweepRequest request) => Sigmatiq.Store.Content.CanonicalJson.Text(request.ToJson());

    [Fact]
    public void A_combo_of_a_grid_of_hundreds_of_millions_is_found_without_a_list_of_them()
    {
        static string Values(int count, double first, double step) => string.Join(',', Enumerable.Range(0, count)
            .Select(i => Math.Round(first + (i * step), 2).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        string large = $$"""
            { "model_id": "spy_swing_momentum_v1", "sweep_type": "custom", "on_cap_exceeded": "sample", "parameters": {
                "thresholds": [{{Values(100, 0.01, 0.01)}}], "stop_loss_pct": [{{Values(80, 2, 0.1)}}], "take_profit_pct": [{{Values(80, 2, 0.1)}}],
                "trailing_stop_pct": [{{Values(80, 2, 0.1)}}], "hold_days": [{{Values(10, 5, 1)}}] } }
            """;
        SweepPlan sampled = Plan(large, Sigmatiq.Packs.Grid.Plan.Pro).Value;
        (sampled.Grid.Size, sampled.ComboIds.Count).Should().Be((512_000_000L, 3_000));
        long before = GC.GetAllocatedBytesForCurrentThread();
        SweepPlan whole = Plan(large).Value;
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(50_000_000, "a list of the ids would be 2 GB");
        (whole.ComboIds.Count, whole.ComboIds[0], whole.ComboIds[^1], whole.ComboIds.Skip(6).First()).Should().Be((512_000_000, 1, 512_000_000, 7));
        FluentActions.Invoking(() => whole.ComboIds[512_000_000]).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static ParseResult<SweepPlan> Plan(string json, Plan plan = Sigmatiq.Packs.Grid.Plan.Unlimited)
    {
        ParseResult<SweepRequest> request = SweepRequest.Parse(JsonNode.Parse(json));
        return request.IsOk
            ? SweepPlan.Of(request.Value, SomePack.Swing, SomePack.Model, plan, NyseCalendar.Instance)
            : ParseResult<SweepPlan>.Refused(request.Problems);
    }
}
