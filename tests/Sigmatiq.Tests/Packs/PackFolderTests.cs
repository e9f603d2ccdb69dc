using Sigmatiq.Packs;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Packs;

public sealed class PackFolderTests
{
    public static TheoryData<string, string, string, string> Broken => new()
    {
        { "name: \"Swing Sigma\"", "nam: \"Swing Sigma\"", "PCK-1001", "pack.yaml:3:3" },
        { "  name: \"Swing Sigma\"\n", "", "PCK-1001", "pack.yaml:2:3" },
        { "name: \"Swing Sigma\"", "name: [a]", "PCK-1001", "pack.yaml:3:9" },
        { "created_at: \"2024-01-01\"", "created_at: \"soon\"", "PCK-1001", "pack.yaml:7:15" },
        { "id: \"swingsigma\"", "id: \"Swing Sigma\"", "PCK-1001", "pack.yaml:2:7" },
        { "period: 14", "period: \"14\"", "PCK-1001", "indicators.yaml:6:9" },
        { "id: \"macd\"", "id: \"rsi\"", "PCK-1001", "indicators.yaml:10:11" },
        { "calculation: \"macd_line > signal_line\"", "formula: x", "PCK-1001", "features.yaml:8:5" },
        { "  momentum:\n", "  momenta:\n", "PCK-1001", "indicators.yaml:2:3" },
        { "scale_in_allowed: true", "scale_in_allowed: yes", "PCK-1001", "policies.yaml:11:23" },
        { "max_positions: 10", "max_positions: 1.5", "PCK-1001", "policies.yaml:12:20" },
        { "stop_loss_pct: 8", "stop_loss_pct: -8", "PCK-1001", "policies.yaml:15:20" },
        { "time_horizon: \"days\"", "time_horizon: \"years\"", "PCK-1004", "pack.yaml:11:19" },
        { "risk_appetite: \"balanced\"", "risk_appetite: \"reckless\"", "PCK-1004", "pack.yaml:12:20" },
        { "decision_style: \"technical\"", "decision_style: \"astral\"", "PCK-1004", "pack.yaml:13:21" },
        { "market_preference: \"trending\"", "market_preference: \"kind\"", "PCK-1004", "pack.yaml:14:24" },
        { "execution_character: \"patient\"", "execution_character: \"rash\"", "PCK-1004", "pack.yaml:15:26" },
        { "[\"stocks\", \"options\"]\ndefault", "[\"stocks\", \"bonds\"]\ndefault", "PCK-1004", "pack.yaml:19:35" },
        { "order_type: \"limit\"", "order_type: \"wish\"", "PCK-1004", "policies.yaml:3:17" },
        { "min_sharpe: 0.7", "x_note: 0.7", "PCK-1005", "gates.yaml:3:5" },
        { "max_var_95: 10", "x_note: 10", "PCK-1005", "gates.yaml:14:5" },
        { "version: \"1.1.0\"", "version: \"1.1\"", "PCK-1009", "pack.yaml:4:12" },
        { "method: \"kelly_fraction\"", "method: vol_target", "PCK-1001", "policies.yaml:9:5" },
        { "method: \"kelly_fraction\"", "method: vol_target\n    vol_target_pct: 0", "PCK-1001", "policies.yaml:10:21" },
        { "method: \"kelly_fraction\"", "method: fixed_pct\n    vol_target_pct: 2", "PCK-1001", "policies.yaml:10:21" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    [Trait("Row", "S0-02")]
    public void A_broken_file_is_refused_with_code_place_and_remedy(string from, string to, string code, string place)
    {
        ParseResult<Pack> parsed = PackFolder.Parse(SomePack.Texts((from, to)));
        parsed.IsOk.Should().BeFalse();
        parsed.Problems.Select(p => (p.Code, p.Where)).Should().Contain((code, place), string.Join("\n", parsed.Problems));
        parsed.Problems.Should().OnlyContain(p => !string.IsNullOrEmpty(p.Remedy) && p.Exit == ExitCode.BadUsage);
    }

    [Fact]
    public void A_folder_of_versions_is_told_from_a_broken_pack_and_shows_the_way_to_one()
    {
        Problem told = PackFolder.Load(Path.Combine(Checkout.Root, "packs", "swingsigma")).Problems.Should().ContainSingle().Which;
        told.Code.Should().Be("PCK-1001");
        told.Remedy.Should().Contain(Path.Combine("swingsigma", "1.1.0"));
    }

    [Fact]
    public void Keys_that_begin_with_x_are_nobodys_business() =>
        SomePack.With(("  author:", "  x_reviewed_by: somebody\n  author:")).Author.Should().Be("Sigmatiq Team");

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        ParseResult<Pack> parsed = PackFolder.Parse(SomePack.Texts(("time_horizon: \"days\"", "time_horizon: \"years\""), ("min_trades: 30", "min_trades: many"), ("id: \"atr\"", "id: ATR")));
        parsed.Problems.Select(p => p.Code).Should().BeEquivalentTo("PCK-1004", "PCK-1001", "PCK-1001");
    }

    [Theory]
    [InlineData("seconds,minutes,hours,days,weeks,months", "time_horizon: \"days\"")]
    [Trait("Row", "S1-02")]
    public void Six_time_horizons_are_accepted(string words, string key) => AcceptsAll(words, key, 6);

    [Theory]
    [InlineData("conservative,balanced,aggressive", "risk_appetite: \"balanced\"")]
    [Trait("Row", "S1-03")]
    public void Three_risk_appetites_are_accepted(string words, string key) => AcceptsAll(words, key, 3);

    [Theory]
    [InlineData("technical,fundamental,sentiment,flow", "decision_style: \"technical\"")]
    [Trait("Row", "S1-04")]
    public void Four_decision_styles_are_accepted(string words, string key) => AcceptsAll(words, key, 4);

    [Theory]
    [InlineData("trending,ranging,volatile,all_weather", "market_preference: \"trending\"")]
    [Trait("Row", "S1-05")]
    public void Four_market_preferences_are_accepted(string words, string key) => AcceptsAll(words, key, 4);

    [Theory]
    [InlineData("aggressive,patient,adaptive", "execution_character: \"patient\"")]
    [Trait("Row", "S1-06")]
    public void Three_execution_characters_are_accepted(string words, string key) => AcceptsAll(words, key, 3);

    [Fact]
    public void An_exit_is_switched_off_by_the_word_none()
    {
        SomePack.Bench.Policies.Risk.Should().Be(new Sigmatiq.Packs.Gates.RiskPolicy(null, null, TrailingStop: false, null, null));
    }

    [Fact]
    public void Random_damage_to_the_files_never_throws()
    {
        Rng rng = Rng.From(20240115);
        for (int i = 0; i < 400; i++)
        {
            Dictionary<string, string> texts = SomePack.Texts();
            string file = PackFolder.FileNames[rng.NextInt(6)];
            char[] text = texts[file].ToCharArray();
            for (int k = 0; k <= rng.NextInt(4); k++)
            {
                text[rng.NextInt(text.Length)] = Damage[rng.NextInt(Damage.Length)];
            }

            texts[file] = new(text);
            Action parse = () => PackFolder.Parse(texts);
            parse.Should().NotThrow($"seed 20240115, step {i}, {file}:\n{texts[file]}");
        }
    }

    private const string Damage = "{}[]:-#&*!|>'\"%@`, \nxé\t0";

    private static void AcceptsAll(string words, string line, int count)
    {
        string[] all = words.Split(',');
        all.Should().HaveCount(count);
        foreach (string word in all)
        {
            string changed = line[..line.IndexOf('"')] + word;
            PackFolder.Parse(SomePack.Texts((line, changed))).IsOk.Should().BeTrue(word);
        }
    }
}
