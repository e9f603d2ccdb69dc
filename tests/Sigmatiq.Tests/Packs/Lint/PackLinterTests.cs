using Sigmatiq.Packs;
using Sigmatiq.Packs.Lint;

namespace Sigmatiq.Tests.Packs.Lint;

public sealed class PackLinterTests
{
    public static TheoryData<string, string, string, string, bool> Findings => new()
    {
        { "id: \"obv\"", "id: \"wishes\"", "PCK-1001", "indicators.yaml:", true },
        { "overbought: 70", "overbuoght: 70", "PCK-1001", "indicators.yaml:", true },
        { "period: 14", "period: 14.5", "PCK-1001", "indicators.yaml:", true },
        { "      params:\n        period: 50", "      params:\n        period: 49", "PCK-1001", "indicators.yaml:", true },
        { "id: \"bb_squeeze\"", "id: \"rsi\"", "PCK-1001", "features.yaml:", true },
        { "calculation: \"macd_line > signal_line\"", "calculation: \"macd_line > > signal_line\"", "PCK-1006", "features.yaml:8:18", true },
        { "- \"adx > 25\"", "- \"adx > nosuch\"", "PCK-1006", "strategies.yaml:8:9", true },
        { "- \"adx > 25\"", "- \"adx + 25\"", "PCK-1006", "strategies.yaml:8:9", true },
        { "- \"adx > 25\"", "- \"position.days > 2\"", "PCK-1006", "strategies.yaml:8:9", true },
        { "time_horizon: \"days\"", "time_horizon: \"seconds\"", "PCK-1007", "indicators.yaml:", true },
        { "supported_instruments: [\"stocks\", \"options\"]", "supported_instruments: [\"options\"]", "PCK-1008", "pack.yaml:20:21", true },
        { "stop_loss_pct: 8", "stop_loss_pct: 18", "PCK-2002", "policies.yaml:16:22", false },
        { "max_position_pct: 5", "max_position_pct: 6", "PCK-2005", "policies.yaml:10:23", false },
        { "name: \"Swing Sigma\"", "name: \"Swing\"", "PCK-2006", "policies.yaml:18:24", false },
    };

    [Theory]
    [MemberData(nameof(Findings))]
    [Trait("Row", "S0-04")]
    public void Each_finding_has_code_level_place_and_remedy(string from, string to, string code, string place, bool isError)
    {
        IReadOnlyList<LintFinding> findings = PackLinter.Lint(SomePack.With((from, to)));
        LintFinding? finding = findings.FirstOrDefault(f => f.Code == code && f.Path.StartsWith(place, StringComparison.Ordinal));
        finding.Should().NotBeNull(string.Join("\n", findings));
        finding!.Level.Should().Be(isError ? LintLevel.Error : LintLevel.Warn);
        finding.Message.Should().NotBeNullOrEmpty();
        finding.Remediation.Should().NotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("risk_appetite: \"balanced\"", "risk_appetite: \"conservative\"", "stop_loss_pct: 8", "stop_loss_pct: 11", true)]
    [InlineData("risk_appetite: \"balanced\"", "risk_appetite: \"conservative\"", "stop_loss_pct: 8", "stop_loss_pct: 10", false)]
    [InlineData("risk_appetite: \"balanced\"", "risk_appetite: \"aggressive\"", "stop_loss_pct: 8", "stop_loss_pct: 1.9", true)]
    [InlineData("risk_appetite: \"balanced\"", "risk_appetite: \"aggressive\"", "stop_loss_pct: 8", "stop_loss_pct: 2", false)]
    public void A_stop_that_does_not_suit_the_appetite_is_a_warning(string from, string to, string stop, string other, bool isFound) =>
        PackLinter.Lint(SomePack.With((from, to), (stop, other))).Any(f => f is { Code: "PCK-2001", Level: LintLevel.Warn }).Should().Be(isFound);

    [Fact]
    public void Fewer_than_three_indicators_are_an_error()
    {
        Dictionary<string, string> texts = SomePack.Texts();
        texts["indicators.yaml"] = "indicators:\n  momentum:\n    - {id: rsi, name: RSI, params: {period: 14}}\n    - {id: macd, name: MACD, params: {}}\n";
        texts["features.yaml"] = "features: []\n";
        texts["strategies.yaml"] = "strategies: [{id: a, name: A, description: A, entry_logic: [rsi > 50], exit_logic: [rsi < 50]}]\n";
        PackLinter.Lint(PackFolder.Parse(texts).Value).Where(f => f.Level == LintLevel.Error).Select(f => f.Code).Should().Equal("PCK-1002");
    }

    [Fact]
    public void A_pack_without_a_strategy_or_with_an_empty_one_is_an_error()
    {
        Dictionary<string, string> texts = SomePack.Texts();
        texts["strategies.yaml"] = "strategies: []\n";
        PackLinter.Lint(PackFolder.Parse(texts).Value).Should().Contain(f => f.Code == "PCK-1003");
        texts["strategies.yaml"] = "strategies: [{id: a, name: A, description: A, entry_logic: [], exit_logic: []}]\n";
        PackLinter.Lint(PackFolder.Parse(texts).Value).Should().Contain(f => f.Code == "PCK-1003");
    }

    [Fact]
    public void A_version_that_was_published_with_other_content_is_an_error()
    {
        PackLinter.Lint(SomePack.Swing, SomePack.Swing.Hash.Hex).Should().NotContain(f => f.Code == "PCK-1009");
        PackLinter.Lint(SomePack.With(("period: 14", "period: 15")), SomePack.Swing.Hash.Hex).Should().Contain(f => f.Code == "PCK-1009" && f.Level == LintLevel.Error);
    }

    [Fact]
    public void Features_that_need_one_another_are_an_error() =>
        PackLinter.Lint(SomePack.With(("calculation: \"macd_line > signal_line\"", "calculation: \"volume_surge\""), ("calculation: \"volume > volume_ma * 1.5\"", "calculation: \"macd_cross\"")))
            .Should().Contain(f => f.Code == "PCK-1006" && f.Message.StartsWith("EXP-1005"));

    [Fact]
    public void What_is_no_pack_at_all_is_said_as_findings_too()
    {
        using TemporaryFolder folder = new();
        PackLinter.LintFolder(folder.Path).Should().HaveCount(6).And.OnlyContain(f => f.Code == "PCK-1001" && f.Level == LintLevel.Error);
    }

    [Fact]
    public void The_workload_pack_has_nothing_to_say() => PackLinter.Lint(SomePack.Bench).Should().BeEmpty();
}
