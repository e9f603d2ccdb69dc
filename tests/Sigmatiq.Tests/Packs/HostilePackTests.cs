using System.Diagnostics;
using System.Text;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Lint;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Tests.Packs.Rules;

namespace Sigmatiq.Tests.Packs;

/// <summary>Files and texts made to break the reader: each ends in a coded refusal with its place, none in a surprise.</summary>
public sealed class HostilePackTests
{
    [Theory]
    [InlineData("missing", "no file")]
    [InlineData("empty", "must be a map")]
    [InlineData("comment", "must be a map")]
    [InlineData("folder", "is a folder")]
    [InlineData("link", "is a link")]
    [InlineData("dangling", "is a link")]
    [InlineData("latin1", "not UTF-8 (byte ")]
    [InlineData("utf16", "not UTF-8 (byte 0)")]
    [InlineData("zeros", "not YAML")]
    [InlineData("huge", "has 4000001 bytes")]
    public void A_file_that_is_none_is_refused_by_name(string how, string about)
    {
        using TemporaryFolder folder = new();
        PackLibraryTests.CopyTo(folder["p"], SomePack.Texts());
        string file = folder["p", "gates.yaml"];
        string text = File.ReadAllText(file);
        File.Delete(file);
        switch (how)
        {
            case "empty": File.WriteAllText(file, ""); break;
            case "comment": File.WriteAllText(file, "# later\n"); break;
            case "folder": Directory.CreateDirectory(file); break;
            case "link":
                File.WriteAllText(folder["elsewhere.yaml"], text);
                File.CreateSymbolicLink(file, folder["elsewhere.yaml"]);
                break;
            case "dangling": File.CreateSymbolicLink(file, folder["nowhere.yaml"]); break;
            case "latin1": File.WriteAllBytes(file, Encoding.Latin1.GetBytes(text + "x_note: é\n")); break;
            case "utf16": File.WriteAllText(file, text, Encoding.Unicode); break;
            case "zeros": File.WriteAllText(file, "gates:\0\0\0"); break;
            case "huge": File.WriteAllText(file, new string('#', 4_000_001)); break;
        }

        ParseResult<Pack> read = PackFolder.Load(folder["p"]);
        read.IsOk.Should().BeFalse(how);
        read.Problems.Should().OnlyContain(p => p.Code == "PCK-1001" && p.Where!.Contains("gates.yaml") && p.Exit == ExitCode.BadUsage && !string.IsNullOrEmpty(p.Remedy));
        read.Problems[0].Message.Should().Contain(about);
        PackLinter.LintFolder(folder["p"]).Should().OnlyContain(f => f.Code == "PCK-1001" && f.Path.StartsWith(file));
    }

    [Theory]
    [InlineData("\uFEFF", "\n", "")]
    [InlineData("", "\r\n", "")]
    [InlineData("\uFEFF", "\r\n", "")]
    [InlineData("", "\n", "x_note: \"žluťoučký кінь 馬 🐎\"\n")]
    public void Marks_line_ends_and_letters_of_any_script_do_not_change_a_pack(string mark, string end, string more)
    {
        using TemporaryFolder folder = new();
        PackLibraryTests.CopyTo(folder["p"], SomePack.Texts());
        foreach (string file in Directory.GetFiles(folder["p"]))
        {
            File.WriteAllText(file, mark + (File.ReadAllText(file) + (file.EndsWith("gates.yaml", StringComparison.Ordinal) ? more : "")).Replace("\n", end), new UTF8Encoding(false));
        }

        Pack pack = PackFolder.Load(folder["p"]).Value;
        (pack.Hash == SomePack.Swing.Hash).Should().Be(more.Length == 0, "content is hashed, bytes are not");
        pack.Places["strategies.momentum_swing.entry_logic[2]"].ToString().Should().Be("strategies.yaml:8:9", "lines are counted as an editor counts them");
    }

    public static TheoryData<string, string, string> Numbers => new()
    {
        { "stop_loss_pct: 8", "stop_loss_pct: 1e300", "policies.yaml:15:20" },
        { "stop_loss_pct: 8", "stop_loss_pct: 100.5", "policies.yaml:15:20" },
        { "stop_loss_pct: 8", "stop_loss_pct: .nan", "policies.yaml:15:20" },
        { "stop_loss_pct: 8", "stop_loss_pct: .inf", "policies.yaml:15:20" },
        { "stop_loss_pct: 8", "stop_loss_pct: 1e999", "policies.yaml:15:20" },
        { "stop_loss_pct: 8", "stop_loss_pct: 0x10", "policies.yaml:15:20" },
        { "stop_loss_pct: 8", "stop_loss_pct: 8_0", "policies.yaml:15:20" },
        { "stop_loss_pct: 8", "stop_loss_pct: ٨", "policies.yaml:15:20" },
        { "time_stop_days: 10", "time_stop_days: 2.5", "policies.yaml:19:21" },
        { "time_stop_days: 10", "time_stop_days: 1e300", "policies.yaml:19:21" },
        { "time_stop_days: 10", "time_stop_days: 0", "policies.yaml:19:21" },
        { "max_positions: 10", "max_positions: 99999999999", "policies.yaml:12:20" },
        { "max_position_pct: 5", "max_position_pct: 101", "policies.yaml:10:23" },
        { "risk_management:", "engine: {starting_cash: 1e300}\n  risk_management:", "policies.yaml:14:27" },
        { "risk_management:", "engine: {slippage_bps: -1}\n  risk_management:", "policies.yaml:14:26" },
        { "risk_management:", "engine: {confirmation_bars: 1001}\n  risk_management:", "policies.yaml:14:31" },
        { "risk_management:", "engine: {periods_per_year: 0}\n  risk_management:", "policies.yaml:14:30" },
        { "min_trades: 30", "min_trades: -1", "gates.yaml:3:17" },
        { "max_drawdown_pct: 25", "max_drawdown_pct: 250", "gates.yaml:5:23" },
        { "min_sharpe: 0.7", "min_sharpe: 1e9", "gates.yaml:4:17" },
        { "max_correlation: 0.7", "max_correlation: 1.7", "gates.yaml:15:22" },
        { "period: 14", "period: 1e400", "indicators.yaml:6:9" },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_out_of_its_range_is_refused_where_it_stands(string from, string to, string place)
    {
        ParseResult<Pack> parsed = PackFolder.Parse(SomePack.Texts((from, to)));
        parsed.Problems.Select(p => (p.Code, p.Where)).Should().Equal(("PCK-1001", place));
        parsed.Problems[0].Remedy.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void Lists_without_end_are_refused_before_they_are_read()
    {
        Dictionary<string, string> texts = SomePack.Texts();
        texts["features.yaml"] = "features:\n" + string.Concat(Enumerable.Range(0, 201).Select(i => $"- {{id: f{i}, name: F, calculation: close}}\n"));
        PackFolder.Parse(texts).Problems.Should().ContainSingle().Which.Message.Should().Contain("201").And.Contain("200");
        texts = SomePack.Texts();
        texts["strategies.yaml"] = $"strategies: [{{id: a, name: A, description: A, entry_logic: [{string.Join(", ", Enumerable.Repeat("rsi > 5", 51))}], exit_logic: []}}]";
        PackFolder.Parse(texts).Problems.Should().ContainSingle().Which.Message.Should().Contain("entry_logic has 51 items");
        texts["strategies.yaml"] = "strategies:\n" + string.Concat(Enumerable.Range(0, 51).Select(i => $"- {{id: s{i}, name: S, description: S, entry_logic: [rsi > 5], exit_logic: []}}\n"));
        PackFolder.Parse(texts).Problems.Should().ContainSingle().Which.Message.Should().Contain("51");
    }

    [Fact]
    public void Nesting_without_end_is_refused_on_a_small_stack()
    {
        string[] yaml =
        [
            new string('[', 400_000), string.Concat(Enumerable.Repeat("{a: ", 200_000)), string.Concat(Enumerable.Repeat("- ", 400_000)), string.Concat(Enumerable.Repeat("? ", 400_000)),
            string.Join("\n", Enumerable.Range(0, 1_400).Select(i => new string(' ', i) + "a:")),
            "a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: [*c, *c, *c, *c]",
        ];
        OnSmallStack(() =>
        {
            foreach (string text in yaml)
            {
                ParseResult<YamlNode> parsed = YamlText.Parse(text, "f.yaml", "PCK-1001");
                parsed.IsOk.Should().BeFalse(text[..20]);
                parsed.Problems.Should().OnlyContain(p => p.Code == "PCK-1001" && p.Where!.StartsWith("f.yaml:"));
            }
        });
    }

    [Fact]
    public void Expressions_that_nest_without_end_are_refused_and_the_deepest_that_are_read_also_run_on_a_small_stack()
    {
        string[] refused =
        [
            new('(', 10_000), new('-', 10_000), string.Concat(Enumerable.Repeat("NOT ", 2_500)), string.Concat(Enumerable.Repeat("abs(", 2_500)), string.Concat(Enumerable.Repeat("(-", 5_000)),
            string.Concat(Enumerable.Repeat("(NOT ", 2_000)), string.Concat(Enumerable.Repeat("a[", 5_000)), string.Concat(Enumerable.Repeat("min(1,", 1_600)),
        ];
        string[] deepest =
        [
            string.Join('+', Enumerable.Repeat("close", 999)) + " > 0", string.Join(" AND ", Enumerable.Repeat("up", 999)), string.Join(" OR ", Enumerable.Repeat("NOT up", 600)),
            string.Concat(Enumerable.Repeat("abs(", 198)) + "close" + new string(')', 198) + " > 0", string.Concat(Enumerable.Repeat("(-", 198)) + "close" + new string(')', 198) + " > 0",
            string.Concat(Enumerable.Repeat("(NOT ", 198)) + "up" + new string(')', 198), string.Concat(Enumerable.Repeat("within(", 198)) + "up" + string.Concat(Enumerable.Repeat(",2)", 198)),
        ];
        RuleScope scope = SomeFrame.Scope(["rsi"], ("up", "close > open"));
        FrameColumns columns = SomeFrame.Columns(SomeFrame.Walk(300, 2), scope);
        OnSmallStack(() =>
        {
            foreach (string text in refused)
            {
                Problem problem = RuleProgram.Compile(text, scope).Problems.Should().ContainSingle().Which;
                problem.Code.Should().Be("EXP-1001");
                problem.Where.Should().MatchRegex("^position [0-9]+$");
            }

            foreach (string text in deepest)
            {
                RuleProgram program = RuleProgram.Compile(text, scope).Value;
                program.Evaluate(columns).Should().HaveCount(300);
                RulePrinter.Print(program.Expr).Should().NotBeEmpty();
                RuleScore.Of([program], columns).Should().HaveCount(300);
            }

            RuleProgram position = RuleProgram.Compile(string.Join('+', Enumerable.Repeat("position.days", 700)) + " > 0", scope, allowsPosition: true).Value;
            position.BindPosition(columns).Evaluate(5, 0, 1, 0).Should().Be(1);
        });
    }

    [Fact]
    public void Two_hundred_features_each_as_deep_as_can_be_and_each_of_the_next_run_on_a_small_stack()
    {
        string deep = string.Concat(Enumerable.Repeat("abs(", 198));
        (string, string)[] chain = [.. Enumerable.Range(0, 200).Select(i => ($"f{i}", i == 199 ? "close" : $"{deep}f{i + 1}{new string(')', 198)}"))];
        OnSmallStack(() => SomeFrame.Evaluate("f0", SomeFrame.Bars([5, 6]), SomeFrame.Scope([], chain)).Should().Equal(5, 6));

        chain[199] = ("f199", "f0");
        OnSmallStack(() =>
        {
            Problem circle = SomeFrame.Scope([], chain).FeatureProgram("f7").Problems.Should().ContainSingle().Which;
            circle.Code.Should().Be("EXP-1005");
            circle.Message.Length.Should().BeLessThan(200, "a person reads it");
        });
    }

    [Fact]
    public void Features_that_each_name_the_next_one_twice_are_one_hypothesis_in_no_time()
    {
        Dictionary<string, string> texts = SomePack.Texts();
        texts["features.yaml"] = "features:\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"- {{id: f{i}, name: F, calculation: {(i == 59 ? "close" : $"f{i + 1} + f{i + 1}")}}}\n"));
        texts["strategies.yaml"] = "strategies: [{id: a, name: A, description: A, entry_logic: [f0 > 5], exit_logic: [rsi < 50]}]";
        Pack pack = PackFolder.Parse(texts).Value;
        ModelConfig model = ModelBuilder.Build(ModelBuilder.Default(pack, "SPY", "u", []), pack, SomePack.CreatedAt).Value.Config;
        Hypothesis one = Hypothesis.Of(pack, model);
        texts["features.yaml"] = texts["features.yaml"].Replace("f59 + f59", "f59 + f59 + 0");
        Pack other = PackFolder.Parse(texts).Value;
        Hypothesis.Of(other, model).Key.Should().NotBe(one.Key, "what stands at the bottom still counts");
    }

    [Fact]
    public void A_pack_whose_features_need_one_another_makes_no_model_and_says_why()
    {
        Pack pack = SomePack.With(("calculation: \"macd_line > signal_line\"", "calculation: \"volume_surge\""), ("calculation: \"volume > volume_ma * 1.5\"", "calculation: \"macd_cross\""));
        ParseResult<ModelDraft> built = ModelBuilder.Build(SomePack.Request, pack, SomePack.CreatedAt);
        built.Problems.Should().Contain(p => p.Code == "EXP-1005" && p.Message.Contains("macd_cross → volume_surge → macd_cross"));
    }

    [Fact]
    public void Linting_a_folder_far_up_does_not_walk_the_disk()
    {
        IReadOnlyList<LintFinding> findings = PackLinter.LintFolder("/proc");
        findings.Should().NotBeEmpty().And.OnlyContain(f => f.Code == "PCK-1001");
    }

    [Fact]
    public void Linting_a_folder_whose_parts_go_away_meanwhile_says_what_is_missing()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "Only below /proc does a folder go away between its opening and its first entry.");
        using Process shortLived = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "i=0; while [ $i -lt 600 ]; do /bin/true & /bin/true; i=$((i+1)); done; wait"]))!;
        int lints = 0;
        for (; !shortLived.HasExited; lints++)
        {
            PackLinter.LintFolder("/proc").Should().NotBeEmpty().And.OnlyContain(f => f.Code == "PCK-1001");
        }

        lints.Should().BePositive();
    }

    // Half a megabyte: a third of what a worker thread has.
    private static void OnSmallStack(Action action)
    {
        Exception? thrown = null;
        Thread thread = new(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception e)
                {
                    thrown = e;
                }
            },
            512 * 1024);
        thread.Start();
        thread.Join();
        if (thrown is not null)
        {
            throw new Xunit.Sdk.XunitException(thrown.ToString());
        }
    }
}
