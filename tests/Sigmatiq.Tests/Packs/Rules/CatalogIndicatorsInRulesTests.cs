using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Lint;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Rules;

namespace Sigmatiq.Tests.Packs.Rules;

/// <summary>Packs may use everything the catalog offers: ids, settings, words, outputs with their prefix, warm-up.</summary>
public sealed class CatalogIndicatorsInRulesTests
{
    private const string Indicators = """
        indicators:
          momentum:
            - { id: "roc", name: "Rate of Change", params: { period: 10, form: fraction } }
            - { id: "cci", name: "Commodity Channel Index", params: { period: 20 } }
            - { id: "williams_r", name: "Williams %R", params: { period: 14, flat: -50 } }
            - { id: "zscore", name: "Z-Score", params: { period: 20, deviation: sample } }
          trend:
            - { id: "sma_30", name: "30-day SMA", params: { period: 30 } }
            - { id: "wma_30", name: "30-day WMA", params: { period: 30 } }
            - { id: "ema_20", name: "20-day EMA", params: { period: 20, seed: first_value } }
            - { id: "slope", name: "Slope", params: { period: 14 } }
          volatility:
            - { id: "donchian", name: "Donchian Channel", params: { period: 20, window: before } }
            - { id: "keltner", name: "Keltner Channel", params: { period: 20, multiplier: 2, atr_period: 10 } }
            - { id: "stdev", name: "Standard Deviation", params: { period: 14 } }
          volume:
            - { id: "vwap", name: "VWAP", params: { anchor: session } }
            - { id: "volume_ma", name: "Volume Moving Average", params: { period: 20 } }

        """;

    private const string Features = """
        features:
          - id: "squeeze"
            name: "Bands inside the channel"
            calculation: "stdev * 2 < keltner_upper - keltner_middle"

        """;

    private const string Strategies = """
        strategies:
          - id: "everything"
            name: "Everything at once"
            description: "One rule for each indicator"
            entry_logic:
              - "roc > -0.05 OR cci > 100"
              - "williams_r > -95 AND zscore < 3"
              - "price > sma_30 OR wma_30 > ema_20 OR slope > 0"
              - "price > donchian_upper OR price > keltner_lower"
              - "price > vwap OR squeeze == true"
            exit_logic:
              - "price < donchian_lower OR crosses_below(price, keltner_middle)"

        """;

    [Fact]
    public void A_pack_of_every_new_indicator_lints_and_its_rules_read_the_catalogs_columns()
    {
        Dictionary<string, string> texts = Texts();
        Pack pack = PackFolder.Parse(texts).Value;
        PackLinter.Lint(pack).Where(f => f.Level == LintLevel.Error).Should().BeEmpty();

        BarColumns bars = SomeFrame.Walk(400, 11);
        RuleScope scope = RuleScope.OfPack(pack);
        scope.Names.Should().Contain(["donchian_middle", "keltner_lower", "sma_30", "vwap", "williams_r", "williams_r.flat"]).And.NotContain("vwap.anchor");
        foreach (PackStrategy strategy in pack.Strategies)
        {
            strategy.EntryLogic.Concat(strategy.ExitLogic).Should().AllSatisfy(rule => SomeFrame.Evaluate(rule, bars, scope).Should().Contain(1.0, rule));
        }

        IndicatorSpec spec = IndicatorCatalog.Get("keltner");
        double[][] keltner = [.. spec.Outputs.Select(_ => new double[bars.Count])];
        spec.Batch(bars, IndicatorSettings.Defaults(spec), keltner);
        SomeFrame.Evaluate("keltner_upper", bars, scope).Should().Equal(keltner[0]);
        SomeFrame.Evaluate("roc", bars, scope)[10].Should().Be((bars.Close[10] - bars.Close[0]) / bars.Close[0], "the pack asks for a fraction");
        SomeFrame.Evaluate("ema_20", bars, scope)[0].Should().Be(bars.Close[0], "the pack starts it on the first close");
    }

    [Fact]
    public void The_words_of_a_pack_survive_its_models_file()
    {
        Pack pack = PackFolder.Parse(Texts()).Value;
        IndicatorInstance roc = new("roc", pack.FindIndicator("roc")!.Params);
        roc.ParamsJson().ToJsonString().Should().Be("""{"period":10,"form":"fraction"}""");
        new IndicatorInstance("roc", [new("period", 12)]).Over(pack.FindIndicator("roc")!).Settings().Values.Should().Equal(12, 1);
        roc.ValueKey().Should().Be("roc(10,1)");
    }

    [Theory]
    [InlineData("form: fraction", "form: fractions", "roc.form must be one of percent, fraction, ratio, difference, was fractions.")]
    [InlineData("form: fraction", "form: 1", "roc.form must be one of percent, fraction, ratio, difference, was 1.")]
    [InlineData("form: fraction", "shape: fraction", "roc has no setting 'shape'.")]
    [InlineData("period: 10,", "period: ten,", "roc.period must be a whole number from 1 to 5000, was ten.")]
    [InlineData("id: \"keltner\"", "id: \"kelter\"", "There is no indicator 'kelter'.")]
    [InlineData("{ id: \"slope\", name: \"Slope\", params: { period: 14 } }", "{ id: \"slope\", name: \"Slope\", params: { period: 1 } }", "slope.period must be a whole number from 2 to 5000, was 1.")]
    public void A_word_or_name_that_the_catalog_does_not_know_is_an_error_of_the_pack(string from, string to, string message)
    {
        Dictionary<string, string> texts = Texts();
        texts["indicators.yaml"].Should().Contain(from);
        texts["indicators.yaml"] = texts["indicators.yaml"].Replace(from, to, StringComparison.Ordinal);
        LintFinding finding = PackLinter.Lint(PackFolder.Parse(texts).Value).First(f => f.Code == "PCK-1001");
        finding.Message.Should().Be(message);
    }

    [Fact]
    public void Without_a_pack_rules_know_every_indicator_by_its_defaults()
    {
        BarColumns bars = SomeFrame.Walk(150, 3);
        RuleScope scope = RuleScope.OfCatalog();
        FrameColumns columns = SomeFrame.Columns(bars, scope);
        foreach (IndicatorSpec spec in IndicatorCatalog.All)
        {
            double[][] outputs = [.. spec.Outputs.Select(_ => new double[bars.Count])];
            spec.Batch(bars, IndicatorSettings.Defaults(spec), outputs);
            foreach (var (name, output) in Sigmatiq.Indicators.Catalog.PackIndicator.Find(spec.Name)!.RuleNames())
            {
                RuleProgram.Compile(name, scope).Value.Evaluate(columns).Should().Equal(outputs[output], name);
            }
        }
    }

    [Fact]
    public void In_days_a_session_price_is_the_days_own_and_starts_anew_with_each_day()
    {
        BarColumns bars = SomeFrame.Walk(200, 5);
        RuleFrame frame = RuleFrame.OfDays(bars, NyseCalendar.Instance);
        IndicatorSpec vwap = IndicatorCatalog.Get("vwap");
        double[] session = FrameIndicators.Compute(vwap, IndicatorSettings.Parse(vwap, new Dictionary<string, string> { ["anchor"] = "session" }), frame)[0];
        int seen = 0;
        for (int t = 0; t < bars.Count; t++)
        {
            if (frame.Volume[t] > 0)
            {
                session[t].Should().BeApproximately((frame.High[t] + frame.Low[t] + frame.Close[t]) / 3, 1e-9);
                seen++;
            }
        }

        seen.Should().BeGreaterThan(50);
    }

    private static Dictionary<string, string> Texts()
    {
        Dictionary<string, string> texts = SomePack.Texts();
        texts["indicators.yaml"] = Indicators;
        texts["features.yaml"] = Features;
        texts["strategies.yaml"] = Strategies;
        return texts;
    }
}
