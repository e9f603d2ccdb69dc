using System.Text.Json;
using Sigmatiq.Packs;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.App.Commands;

public sealed class PacksCommandsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Packs_are_listed_as_objects_with_an_id()
    {
        CommandLineRun run = await CommandLineRun.OfAsync(["packs", "list", "-o", "json"], Token);
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Out);
        json.RootElement.EnumerateArray().Select(p => p.GetProperty("id").GetString()).Should().Equal("rsi-ema-stops@1.0.0", "swingsigma@1.0.0", "swingsigma@1.1.0");
    }

    [Fact]
    public async Task A_pack_is_shown_with_its_rules()
    {
        CommandLineRun run = await CommandLineRun.OfAsync(["packs", "show", "swingsigma"], Token);
        run.ExitCode.Should().Be(0, run.Error);
        run.Out.Should().Contain("swingsigma@1.1.0").And.Contain("macd_line > signal_line").And.Contain("rsi > 50 AND rsi < 70");
        run.Out.Should().Contain("strategy momentum_swing (default): Trade strong momentum").And.MatchRegex("enter when +bb_squeeze == true").And.MatchRegex("or +adx < 20")
            .And.MatchRegex("quality.min_sharpe +0.7").And.MatchRegex("risk_management.trailing_stop_pct +5").And.MatchRegex("macd .*macd_line.*signal_line");
    }

    [Fact]
    public async Task An_editor_gets_the_schema_of_each_file()
    {
        CommandLineRun run = await CommandLineRun.OfAsync(["packs", "schema", "policies.yaml"], Token);
        run.ExitCode.Should().Be(0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Out);
        json.RootElement.GetProperty("properties").GetProperty("policies").GetProperty("properties").GetProperty("execution").GetProperty("properties").GetProperty("order_type")
            .GetProperty("enum").EnumerateArray().Select(w => w.GetString()).Should().Equal("limit", "market", "stop");
        (await CommandLineRun.OfAsync(["packs", "schema", "readme.md"], Token)).ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task Lint_exits_with_1_where_a_finding_is_an_error_and_0_where_all_are_warnings()
    {
        CommandLineRun fine = await CommandLineRun.OfAsync(["packs", "lint", "swingsigma", "--no-backtest", "-o", "json"], Token);
        fine.ExitCode.Should().Be(0, fine.Error);
        fine.Error.Should().Contain("left out");
        using JsonDocument json = JsonDocument.Parse(fine.Out);
        JsonElement only = json.RootElement.EnumerateArray().Single();
        (only.GetProperty("code").GetString(), only.GetProperty("level").GetString()).Should().Be(("PCK-2006", "warn"));
        string file = only.GetProperty("file").GetString()!;
        string line = (await File.ReadAllLinesAsync(file, Token))[only.GetProperty("line").GetInt32() - 1];
        line[(only.GetProperty("column").GetInt32() - 1)..].Should().Be("5", "an editor jumps from there to the value");
        line.Should().Contain("trailing_stop_pct");

        using TemporaryFolder folder = new();
        PackLibraryTests.CopyTo(folder["mine"], SomePack.Texts(("- \"adx > 25\"", "- \"adx > nosuch\"")));
        CommandLineRun broken = await CommandLineRun.OfAsync(["packs", "lint", folder["mine"]], Token);
        broken.ExitCode.Should().Be(1);
        broken.Out.Should().Contain("PCK-1006").And.Contain(folder["mine", "strategies.yaml"] + ":8:9");
        broken.Error.Should().Contain("breakout_swing:").And.NotContain("momentum_swing:").And.Contain("do not compile");
    }

    [Fact]
    public async Task Lint_backtests_each_strategy_on_synthetic_bars_or_on_those_it_is_given()
    {
        CommandLineRun fine = await CommandLineRun.OfAsync(["packs", "lint", "swingsigma"], Token);
        fine.ExitCode.Should().Be(0, fine.Error);
        fine.Out.Should().Contain("PCK-2004").And.Contain("PCK-2006").And.Contain("synthetic");
        fine.Error.Should().Contain("momentum_swing: ").And.Contain("Sharpe").And.Contain("2018-01-02 to 2025-12-31");

        using TemporaryFolder folder = new();
        CommandLineRun noBars = await CommandLineRun.OfAsync(["packs", "lint", "swingsigma", "--ticker", "SPY", "--data", folder.Path], Token);
        (noBars.ExitCode, noBars.Error.Contains("MKT-4001")).Should().Be((4, true), noBars.Error);
        await File.WriteAllTextAsync(folder["short.csv"], "ts,open,high,low,close,volume\n2024-01-02T14:30:00Z,1,1,1,1,1\n2024-01-02T15:30:00Z,1,1,1,1,1\n2024-01-02T16:30:00Z,1,1,1,1,1\n", Token);
        CommandLineRun tooShort = await CommandLineRun.OfAsync(["packs", "lint", "swingsigma", "--bars", folder["short.csv"], "--symbol", "SPY", "--interval", "1h"], Token);
        (tooShort.ExitCode, tooShort.Error.Contains("PCK-1010")).Should().Be((4, true), tooShort.Error);
    }

    [Fact]
    public async Task Publishing_twice_changes_nothing_and_an_unknown_pack_is_bad_usage()
    {
        using TemporaryFolder folder = new();
        foreach (string state in (string[])["published", "was published before"])
        {
            CommandLineRun run = await CommandLineRun.OfAsync(["packs", "publish", "swingsigma@1.1.0", "--data", folder.Path], Token);
            run.ExitCode.Should().Be(0, run.Error);
            run.Out.Should().Contain(state);
        }

        CommandLineRun unknown = await CommandLineRun.OfAsync(["packs", "show", "nosuch"], Token);
        unknown.ExitCode.Should().Be(2);
        unknown.Error.Should().Contain("MDL-1001");
    }

    [Fact]
    public async Task A_version_that_was_published_with_other_content_is_not_published_again_and_a_workload_is_with_a_warning()
    {
        using TemporaryFolder folder = new();
        using (SqliteRowStore rows = await SqliteRowStore.OpenAsync(new DataDirectory(folder.Path), TimeProvider.System, Token))
        {
            await new PublishedPacks(rows, TimeProvider.System).PublishAsync(SomePack.With(("period: 14", "period: 15")), "operator", Token);
        }

        CommandLineRun refused = await CommandLineRun.OfAsync(["packs", "publish", "swingsigma@1.1.0", "--data", folder.Path], Token);
        refused.ExitCode.Should().NotBe(0);
        refused.Error.Should().Contain("PCK-1009").And.Contain(Path.Combine("swingsigma", "1.1.0", "pack.yaml")).And.Contain("new version");
        CommandLineRun workload = await CommandLineRun.OfAsync(["packs", "publish", "rsi-ema-stops", "--data", folder.Path], Token);
        workload.ExitCode.Should().Be(0, workload.Error);
    }

    [Fact]
    [Trait("Row", "S1-35")]
    public async Task A_model_is_made_listed_and_shown()
    {
        using TemporaryFolder folder = new();
        string[] create = ["models", "create", "--ticker", "SPY", "--set", "rsi_period=21", "stop_loss_pct=6", "--set", "max_position_pct=3", "--data", folder.Path, "-o", "json"];
        CommandLineRun made = await CommandLineRun.OfAsync(create, Token);
        made.ExitCode.Should().Be(0, made.Error);
        using JsonDocument json = JsonDocument.Parse(made.Out);
        JsonElement model = json.RootElement.GetProperty("model");
        (model.GetProperty("status").GetString(), model.GetProperty("next_step").GetString()).Should().Be(("created", "configure_sweep"));
        string id = model.GetProperty("id").GetString()!;
        File.Exists(folder["models", "operator", id, "config.yaml"]).Should().BeTrue();
        json.RootElement.GetProperty("config").GetProperty("risk_management").GetProperty("stop_loss_pct").GetDouble().Should().Be(6);

        CommandLineRun again = await CommandLineRun.OfAsync(create, Token);
        again.Out.Should().Contain("\"is_new\": false");
        (await CommandLineRun.OfAsync(["models", "list", "--data", folder.Path], Token)).Out.Should().Contain(id);
        CommandLineRun shown = await CommandLineRun.OfAsync(["models", "show", "--data", folder.Path], Token);
        shown.Out.Should().Contain("period: 21").And.Contain("max_position_pct: 3");
        CommandLineRun wrong = await CommandLineRun.OfAsync(["models", "create", "--ticker", "SPY", "--set", "rsi_length=2", "--data", folder.Path], Token);
        (wrong.ExitCode, wrong.Error.Contains("MDL-1005")).Should().Be((2, true));
        (await CommandLineRun.OfAsync(["models", "show", "nosuch", "--data", folder.Path], Token)).Error.Should().Contain("MDL-1009");
        (await CommandLineRun.OfAsync(["models", "create", "--data", folder.Path], Token)).Error.Should().Contain("MDL-1008");
    }

    [Fact]
    public async Task What_was_added_to_a_model_is_said_when_it_is_made_and_when_it_is_shown()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["request.json"], """
            { "model_id": "m", "pack_id": "swingsigma", "user_id": "operator", "ticker": "SPY", "selected_indicators": ["rsi"], "selected_features": [] }
            """, Token);
        CommandLineRun made = await CommandLineRun.OfAsync(["models", "create", "--request", folder["request.json"], "--data", folder.Path, "-o", "json"], Token);
        made.ExitCode.Should().Be(0, made.Error);
        made.Error.Should().Contain("warning: MDL-1004").And.Contain("macd_cross needs the indicator macd");
        using JsonDocument json = JsonDocument.Parse(made.Out);
        json.RootElement.GetProperty("warnings").EnumerateArray().Should().HaveCount(4).And.OnlyContain(w => w.GetProperty("id").GetString() == "MDL-1004");
        CommandLineRun shown = await CommandLineRun.OfAsync(["models", "show", "m", "--data", folder.Path], Token);
        shown.Out.Should().Contain("hidden_inputs:").And.Contain("hidden_features:");
        shown.Error.Should().Contain("The indicator macd was not selected; the feature macd_cross needs it.");
        using JsonDocument shownJson = JsonDocument.Parse((await CommandLineRun.OfAsync(["models", "show", "m", "--data", folder.Path, "-o", "json"], Token)).Out);
        shownJson.RootElement.GetProperty("hidden").EnumerateArray().Select(h => h.GetProperty("id").GetString()).Should().Equal("macd", "ema_20", "adx", "macd_cross");
    }

    [Fact]
    [Trait("Row", "S0-05")]
    public async Task A_model_moves_to_another_version_and_back()
    {
        using TemporaryFolder folder = new();
        CommandLineRun made = await CommandLineRun.OfAsync(["models", "create", "--ticker", "SPY", "--pack", "swingsigma@1.0.0", "--id", "m", "--data", folder.Path], Token);
        made.ExitCode.Should().Be(0, made.Error);
        string file = folder["models", "operator", "m", "config.yaml"], original = await File.ReadAllTextAsync(file, Token);

        string[] Migrate(params string[] more) => ["packs", "migrate", "m", .. more, "--data", folder.Path];
        CommandLineRun dry = await CommandLineRun.OfAsync(Migrate("--to", "1.1.0", "--dry-run", "-o", "json"), Token);
        dry.ExitCode.Should().Be(0, dry.Error);
        using (JsonDocument json = JsonDocument.Parse(dry.Out))
        {
            json.RootElement.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("id").GetString()).Should().Equal("model.pack_version", "model.config_version");
            json.RootElement.GetProperty("written").GetBoolean().Should().BeFalse();
            JsonElement[] checks = [.. json.RootElement.GetProperty("checks").EnumerateArray()];
            checks.Select(c => c.GetProperty("id").GetString()).Should().Contain(["rsi", "macd_line", "bb_upper", "volume_surge", "momentum_composite"]);
            checks.Should().OnlyContain(c => c.GetProperty("differing").GetInt32() == 0 && c.GetProperty("defined").GetInt32() > 10_000);
            json.RootElement.GetProperty("checked_on").GetString().Should().StartWith("MKT.SYN 1h", "no bars of SPY are stored");
        }

        (await File.ReadAllTextAsync(file, Token)).Should().Be(original);
        CommandLineRun moved = await CommandLineRun.OfAsync(Migrate("--to", "1.1.0"), Token);
        moved.ExitCode.Should().Be(0, moved.Error);
        moved.Out.Should().Contain("@@ model.pack_version @@\n-\"1.0.0\"\n+\"1.1.0\"\n@@ model.config_version @@\n-1\n+2\n").And.Contain("equal bit for bit");
        moved.Error.Should().Contain("--rollback");
        string migrated = original.Replace("\"1.0.0\"", "\"1.1.0\"").Replace("config_version: 1", "config_version: 2");
        (await File.ReadAllTextAsync(file, Token)).Should().Be(migrated);
        (await File.ReadAllTextAsync(folder["models", "operator", "m", "config.v1.yaml"], Token)).Should().Be(original);

        // As after a kill between rows and files: asking again puts the file right.
        await File.WriteAllTextAsync(file, original, Token);
        CommandLineRun again = await CommandLineRun.OfAsync(Migrate("--to", "1.1.0"), Token);
        (again.ExitCode, again.Error.Contains("already")).Should().Be((0, true));
        (await File.ReadAllTextAsync(file, Token)).Should().Be(migrated);

        CommandLineRun back = await CommandLineRun.OfAsync(Migrate("--rollback"), Token);
        back.ExitCode.Should().Be(0, back.Error);
        (await File.ReadAllTextAsync(file, Token)).Should().Be(original.Replace("config_version: 1", "config_version: 3"));
        (await CommandLineRun.OfAsync(Migrate("--rollback"), Token)).Error.Should().Contain("MDL-1012");
        (await CommandLineRun.OfAsync(Migrate("--to", "9.0.0"), Token)).Error.Should().Contain("MDL-1001");
        (await CommandLineRun.OfAsync(Migrate("--to", "1.1.0", "--rollback"), Token)).Error.Should().Contain("MDL-1008");
        (await CommandLineRun.OfAsync(Migrate("--to", "other-pack@1.0.0"), Token)).Error
            .Should().Contain("MDL-1008").And.Contain("'other-pack@1.0.0' is of another pack: m is a model of swingsigma").And.Contain("sigmatiq models create");
        (await CommandLineRun.OfAsync(Migrate("--to", "swingsigma@1.1.0", "--dry-run"), Token)).ExitCode.Should().Be(0, "its own pack may be named");
        (await CommandLineRun.OfAsync(Migrate(), Token)).Error.Should().Contain("MDL-1008");
        (await CommandLineRun.OfAsync(["packs", "migrate", "nosuch", "--to", "1.1.0", "--data", folder.Path], Token)).Error.Should().Contain("MDL-1009");
    }
}
