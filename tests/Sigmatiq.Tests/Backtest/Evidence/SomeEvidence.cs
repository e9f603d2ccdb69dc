using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Evidence;

/// <summary>Evidence of one combo of SwingSigma, with the rule score as confidence.</summary>
internal static class SomeEvidence
{
    public static EvidenceRequest Request(BarColumns bars, int comboId = 1, params KeyValuePair<string, double>[] overrides) =>
        Request(SomePack.Swing, bars, comboId, overrides);

    public static EvidenceRequest Request(Pack pack, BarColumns bars, int comboId, params KeyValuePair<string, double>[] overrides)
    {
        ModelConfig model = ModelBuilder.Build(ModelBuilder.Default(pack, bars.Symbol.Value, "operator", overrides), pack, SomePack.CreatedAt).Value.Config;
        SweepPlan plan = SweepPlan.Of(Sigmatiq.Packs.Grid.SweepRequest.Simple(model.Id), pack, model, Plan.Unlimited, NyseCalendar.Instance).Value;
        EffectiveConfig config = plan.Configs().First(c => c.Combo.Id == comboId);
        FillBars all = FillBars.From(bars, NyseCalendar.Instance.Zone, PriceKind.Raw);
        SweepWindow window = SweepWindow.Cut(all, null, null, HoldoutRule.Default);
        var modelBars = new ModelBars(pack, model, bars, NyseCalendar.Instance);
        ConfidenceColumn score = new RuleScoreConfidence().For(new(config, modelBars.Rules(config), new(modelBars, window), 42), TestContext.Current.CancellationToken);
        return new()
        {
            StrategyId = model.Id, StrategyName = $"{bars.Symbol} momentum", Config = config, Bars = modelBars, Window = window,
            SelectionStart = score.FirstBar(window.From, window.To), SelectionConfidence = score, HoldoutConfidence = score, Gates = plan.Gates,
            DataSnapshotId = new string('a', 64), QualityFlags = new Dictionary<string, int> { ["zero_volume"] = 0, ["gap"] = 2 },
            Training = new JsonObject { ["algorithm"] = "xgboost" },
        };
    }
}
