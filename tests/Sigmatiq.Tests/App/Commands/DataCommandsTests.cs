using System.Text.Json;
using System.Text.RegularExpressions;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Tests.App.Commands;

public sealed class DataCommandsTests
{
    private const string Days = """
        symbol,ts,open,high,low,close,volume
        ONE,2024-06-03,1,1.5,0.5,1,100
        ONE,2024-06-04,1,0.9,0.5,1,100

        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_comes_in_is_listed_checked_and_shown_with_its_hashes()
    {
        using var folder = new TemporaryFolder();
        string file = Checkout.Material("market/bars/equity/hour/SPY.parquet"), data = folder["data"];
        CommandLineRun import = await CommandLineRun.OfAsync(["data", "import", file, "--data", data, "-o", "json"], Token);
        import.ExitCode.Should().Be(0, import.Error);
        JsonElement series = JsonDocument.Parse(import.Out).RootElement[0];
        series.GetProperty("symbol").GetString().Should().Be("SPY");
        series.GetProperty("interval").GetString().Should().Be("1h");
        series.GetProperty("bars").GetInt32().Should().Be(3476);
        string id = series.GetProperty("snapshot").GetString()!;

        CommandLineRun list = await CommandLineRun.OfAsync(["data", "list", "--data", data, "-o", "json"], Token);
        JsonDocument.Parse(list.Out).RootElement[0].GetProperty("id").GetString().Should().Be(id);
        (await CommandLineRun.OfAsync(["data", "check", "SPY", "--data", data], Token)).ExitCode.Should().Be(0);
        CommandLineRun shown = await CommandLineRun.OfAsync(["data", "snapshot", "SPY", "--data", data, "-o", "json"], Token);
        shown.ExitCode.Should().Be(0, shown.Error);
        JsonElement snapshot = JsonDocument.Parse(shown.Out).RootElement;
        snapshot.GetProperty("id").GetString().Should().Be(id);
        snapshot.GetProperty("files").GetArrayLength().Should().Be(3, "2023, 2024 and January 2025");

        CommandLineRun align = await CommandLineRun.OfAsync(["data", "align", "SPY", "--data", data, "-o", "json"], Token);
        align.ExitCode.Should().Be(4, "the file ends in January 2025 and nothing is invented");
        JsonDocument.Parse(align.Out).RootElement[0].GetProperty("missing_sessions").GetInt32().Should().BeGreaterThan(200);
    }

    [Fact]
    public async Task A_flipped_bit_makes_check_and_snapshot_fail()
    {
        using var folder = new TemporaryFolder();
        string data = folder["data"];
        await CommandLineRun.OfAsync(["data", "import", Checkout.Material("market/bars/equity/hour/SPY.parquet"), "--data", data], Token);
        string file = Directory.EnumerateFiles(Path.Combine(data, "bars"), "*.parquet", SearchOption.AllDirectories).First();
        byte[] bytes = await File.ReadAllBytesAsync(file, Token);
        bytes[bytes.Length / 3] ^= 4;
        await File.WriteAllBytesAsync(file, bytes, Token);
        foreach (string verb in new[] { "check", "snapshot" })
        {
            CommandLineRun run = await CommandLineRun.OfAsync(["data", verb, "SPY", "--data", data], Token);
            run.ExitCode.Should().Be(4);
            run.Error.Should().Contain("STO-3003");
        }
    }

    [Fact]
    public async Task A_broken_file_is_refused_with_4_until_its_fact_is_waived_with_a_reason()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["one.csv"], Days);
        string[] where = ["--data", folder["data"]];
        CommandLineRun refused = await CommandLineRun.OfAsync(["data", "import", folder["one.csv"], .. where], Token);
        refused.ExitCode.Should().Be(4);
        refused.Error.Should().Contain("MKT-2103").And.Contain("one.csv row 3").And.Contain("--waive high_below_body");
        refused.Out.Should().BeEmpty();
        Directory.Exists(Path.Combine(folder["data"], "bars")).Should().BeFalse("nothing half written");

        (await CommandLineRun.OfAsync(["data", "check", folder["one.csv"], .. where], Token)).ExitCode.Should().Be(4);
        (await CommandLineRun.OfAsync(["data", "check", folder["one.csv"], "--waive", "high_below_body", .. where], Token)).ExitCode.Should().Be(2, "a reason is missing");
        CommandLineRun waived = await CommandLineRun.OfAsync(
            ["data", "check", folder["one.csv"], "--waive", "high_below_body", "--reason", "printed so by the exchange", .. where], Token);
        waived.ExitCode.Should().Be(0, waived.Error);
        (await CommandLineRun.OfAsync(["data", "import", folder["one.csv"], .. where], Token)).ExitCode.Should().Be(0);
        CommandLineRun check = await CommandLineRun.OfAsync(["data", "check", "-o", "json", .. where], Token);
        check.ExitCode.Should().Be(0);
        check.Out.Should().Contain("printed so by the exchange");
    }

    [Fact]
    public async Task A_waiver_of_an_import_holds_for_that_import_and_stays_with_its_bars()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["one.csv"], Days);
        File.WriteAllText(folder["later.csv"], Days.Replace("0.9", "0.8", StringComparison.Ordinal));
        string[] where = ["--data", folder["data"]], waive = ["--waive", "high_below_body", "--reason", "printed so by the exchange"];
        (await CommandLineRun.OfAsync(["data", "import", folder["one.csv"], .. waive, "--dry-run", .. where], Token)).ExitCode.Should().Be(0);
        (await CommandLineRun.OfAsync(["data", "import", folder["one.csv"], .. where], Token)).ExitCode.Should().Be(4, "a dry run stores no waiver");
        (await CommandLineRun.OfAsync(["data", "import", folder["one.csv"], .. waive, .. where], Token)).ExitCode.Should().Be(0);
        CommandLineRun stored = await CommandLineRun.OfAsync(["data", "check", "-o", "json", .. where], Token);
        stored.ExitCode.Should().Be(0, "its bars count as taken with it");
        stored.Out.Should().Contain("printed so by the exchange");
        (await CommandLineRun.OfAsync(["data", "check", folder["one.csv"], .. where], Token)).ExitCode.Should().Be(4);
        (await CommandLineRun.OfAsync(["data", "import", folder["later.csv"], .. where], Token)).ExitCode.Should().Be(4, "a later file is refused again");
    }

    [Theory]
    [InlineData("import", "Holds for this import alone")]
    [InlineData("check", "Holds from now on for every check and import")]
    public async Task The_help_says_how_long_a_waiver_holds(string verb, string says) =>
        Regex.Replace((await CommandLineRun.OfAsync(["data", verb, "--help"], Token)).Out, @"\s+", " ").Should().Contain(says);

    [Fact]
    public async Task A_series_of_a_file_has_an_id_by_its_content_as_one_of_the_store_has()
    {
        using var folder = new TemporaryFolder();
        const string two = "symbol,ts,open,high,low,close,volume\nA,2024-06-03,1,1,1,1,5\nA,2024-06-04,1,1,1,1,5\nB,2024-06-03,1,1,1,1,5\nB,2024-06-04,1,1,1,1,5\n";
        File.WriteAllText(folder["two.csv"], two);
        File.WriteAllText(folder["copy.csv"], two);
        File.WriteAllText(folder["other.csv"], two.Replace("1,5", "1,6", StringComparison.Ordinal));
        async Task<(string Id, string? FileHash)[]> Ids(params string[] what)
        {
            CommandLineRun run = await CommandLineRun.OfAsync(["data", "check", .. what, "-o", "json", "--data", folder["data"]], Token);
            return [.. JsonDocument.Parse(run.Out).RootElement.EnumerateArray().Select(s => (s.GetProperty("id").GetString()!, s.GetProperty("file_hash").GetString()))];
        }

        (string Id, string? FileHash)[] ids = await Ids(folder["two.csv"]);
        ids.Should().HaveCount(2).And.OnlyContain(i => i.Id.Length == 64 && i.FileHash == ContentHash.OfFile(folder["two.csv"]).Hex);
        ids.Select(i => i.Id).Should().OnlyHaveUniqueItems();
        (await Ids(folder["copy.csv"])).Should().Equal(ids, "the same content under another name");
        (await Ids(folder["other.csv"])).Select(i => i.Id).Should().NotIntersectWith(ids.Select(i => i.Id));
        await CommandLineRun.OfAsync(["data", "import", folder["two.csv"], "--data", folder["data"]], Token);
        (await Ids()).Should().HaveCount(2).And.OnlyContain(i => i.Id.Length == 64 && i.FileHash == null);
    }

    [Fact]
    public async Task A_dry_run_shows_rows_as_understood_and_makes_no_bars()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["hours.csv"], "Time;O;High;Low;Close;Volume\n2024-03-11 09:30;1;2;1;1;5\n2024-03-11 10:30;1;2;1;1;5\n");
        CommandLineRun run = await CommandLineRun.OfAsync(
            ["data", "import", folder["hours.csv"], "--symbol", "abc", "--tz", "America/New_York", "--columns", "open=O", "--dry-run", "--data", folder["data"]], Token);
        run.ExitCode.Should().Be(0, run.Error);
        run.Out.Should().Contain("ABC").And.Contain("2024-03-11 13:30Z").And.Contain("2024-03-11 09:30").And.Contain("dry run");
        Directory.Exists(Path.Combine(folder["data"], "bars")).Should().BeFalse();
        CommandLineRun json = await CommandLineRun.OfAsync(
            ["data", "import", folder["hours.csv"], "--symbol", "abc", "--columns", "open=O", "--dry-run", "--data", folder["data"], "-o", "json"], Token);
        JsonDocument.Parse(json.Out).RootElement[0].GetProperty("rows")[1].GetProperty("row").GetInt32().Should().Be(3);
    }

    [Fact]
    public async Task Stored_adjustment_factors_outlive_an_import_without_any_quotes_are_passed_over_and_a_dry_run_shows_factors()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["daily"]);
        Zip(folder["daily", "aapl.zip"], "aapl.csv", "20240307 00:00,1690000,1700000,1680000,1690000,100\n20240308 00:00,1700000,1710000,1690000,1707300,100\n");
        Zip(folder["daily", "aapl_quote.zip"], "20240308_aapl_minute_quote.csv", "1,2,3,4,5,6,7,8,9,10,11\n");
        File.WriteAllText(folder["f.csv"], "20240307,0.99,0.5,169\n20501231,1,1,0\n");
        string[] import = ["data", "import", folder["daily"], "--data", folder["data"], "-o", "json"];
        CommandLineRun dry = await CommandLineRun.OfAsync([.. import, "--factors", folder["f.csv"], "--dry-run"], Token);
        dry.ExitCode.Should().Be(0, dry.Error);
        dry.Error.Should().Contain("aapl_quote.zip");
        JsonDocument.Parse(dry.Out).RootElement[0].GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("adj_factor").GetDouble()).Should().Equal(0.495, 1);
        (await CommandLineRun.OfAsync([.. import, "--factors", folder["f.csv"]], Token)).ExitCode.Should().Be(0);

        CommandLineRun again = await CommandLineRun.OfAsync(import, Token);
        JsonElement series = JsonDocument.Parse(again.Out).RootElement[0];
        (series.GetProperty("corrected").GetInt32(), series.GetProperty("unchanged").GetInt32(), series.GetProperty("changed").GetBoolean()).Should().Be((0, 2, false));
        again.Error.Should().Contain("AAPL: the file has no adjustment factors; 2 bars keep the stored ones");
        CommandLineRun folderOfFactors = await CommandLineRun.OfAsync([.. import, "--factors", folder["daily"]], Token);
        folderOfFactors.Error.Should().Contain("MKT-2001").And.Contain("is a folder");
        (await CommandLineRun.OfAsync([.. import, "--waive", "nonsense"], Token)).Error.Should().Contain("MKT-2110", "the rule is wrong before its reason is missing");
    }

    [Fact]
    public async Task Every_file_of_a_folder_is_checked_refused_with_its_code_or_passed_over_by_name()
    {
        using var folder = new TemporaryFolder();
        string bars = folder["in"];
        Directory.CreateDirectory(Path.Combine(bars, "minute"));
        Zip(Path.Combine(bars, "spy.zip"), "spy.csv", "20240307 00:00,1690000,1700000,1680000,1690000,100\n20240308 00:00,1700000,1710000,1690000,1707300,100\n");
        File.WriteAllText(Path.Combine(bars, "damaged.zip"), "no archive");
        File.WriteAllText(Path.Combine(bars, "broken.csv"), "symbol,ts,open,high,low,close,volume\nONE,2024-06-03,x,1.5,0.5,1,100\n");
        File.WriteAllText(Path.Combine(bars, "one.csv"), "symbol,ts,open,high,low,close,volume\nONE,2024-06-03,1,1.5,0.5,1,100\nONE,2024-06-04,1,1.5,0.5,1,100\n");
        File.WriteAllText(Path.Combine(bars, "notes.md"), "mine");
        Zip(Path.Combine(bars, "minute", "20240307_trade.zip"), "20240307_qqq_minute_trade.csv", "34200000,5000000,5000000,5000000,5000000,1\n34260000,5000000,5000000,5000000,5000000,1\n");
        Zip(Path.Combine(bars, "minute", "20240308_trade.zip"), "20240308_qqq_minute_trade.csv", "34200000,5000000,5000000,5000000,5000000,1\n");
        File.WriteAllText(Path.Combine(bars, "minute", "20240311_trade.zip"), "no archive");
        Zip(Path.Combine(bars, "minute", "20240308_quote.zip"), "20240308_qqq_minute_quote.csv", "1,2\n");

        CommandLineRun run = await CommandLineRun.OfAsync(["data", "check", bars, "--data", folder["data"], "-o", "json"], Token);
        (string?, int)[] series = [.. JsonDocument.Parse(run.Out).RootElement.EnumerateArray().Select(s => (s.GetProperty("symbol").GetString(), s.GetProperty("bars").GetInt32()))];
        series.Should().BeEquivalentTo([("SPY", 2), ("ONE", 2), ("QQQ", 3)]);
        run.ExitCode.Should().Be(2, run.Error);
        run.Error.Should().Contain("MKT-2002").And.Contain("damaged.zip").And.Contain("20240311_trade.zip").And.Contain("MKT-2005").And.Contain("broken.csv");
        run.Error.Should().Contain("in/notes.md").And.Contain("in/minute/20240308_quote.zip").And.Contain("quotes are not bars");

        CommandLineRun import = await CommandLineRun.OfAsync(["data", "import", bars, "--data", folder["data"]], Token);
        import.Error.Should().Contain("damaged.zip").And.Contain("one.csv").And.Contain("notes.md").And.Contain("minute");
        File.Delete(Path.Combine(bars, "damaged.zip"));
        import = await CommandLineRun.OfAsync(["data", "import", bars, "--data", folder["data"]], Token);
        import.ExitCode.Should().Be(0, import.Error);
        import.Error.Should().Contain("one.csv").And.Contain("broken.csv").And.Contain("notes.md");
    }

    private static void Zip(string path, string entry, string text)
    {
        using var archive = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Create);
        using var writer = new StreamWriter(archive.CreateEntry(entry).Open());
        writer.Write(text);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_not_taken_for_a_ticker()
    {
        using var folder = new TemporaryFolder();
        CommandLineRun run = await CommandLineRun.OfAsync(["data", "check", folder["nowhere.csv"], "--data", folder["data"]], Token);
        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("MKT-2001");
    }

    [Fact]
    public async Task The_sample_is_eight_synthetic_symbols_and_a_second_time_adds_nothing()
    {
        using var folder = new TemporaryFolder();
        CommandLineRun first = await CommandLineRun.OfAsync(["data", "sample", "--data", folder["data"], "-o", "json"], Token);
        first.ExitCode.Should().Be(0, first.Error);
        first.Error.Should().Contain(MarketSimulator.PlantedEffect);
        JsonElement[] made = [.. JsonDocument.Parse(first.Out).RootElement.EnumerateArray()];
        made.Should().HaveCount(16);
        made.Should().OnlyContain(s => s.GetProperty("synthetic").GetBoolean() && !s.GetProperty("stale").GetBoolean());
        made.Where(s => s.GetProperty("interval").GetString() == "1h").Should().OnlyContain(s => s.GetProperty("bars").GetInt32() > 8 * 250 * 6);

        CommandLineRun second = await CommandLineRun.OfAsync(["data", "align", "--data", folder["data"], "-o", "json"], Token);
        second.ExitCode.Should().Be(0, second.Error);
        JsonDocument.Parse(second.Out).RootElement.EnumerateArray().Select(s => s.GetProperty("id").GetString())
            .Should().BeEquivalentTo(made.Select(s => s.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task What_the_store_does_not_have_is_refused_with_the_way_out()
    {
        using var folder = new TemporaryFolder();
        foreach (string verb in new[] { "align", "check", "snapshot" })
        {
            CommandLineRun run = await CommandLineRun.OfAsync(["data", verb, "SPY", "--data", folder["data"]], Token);
            run.ExitCode.Should().Be(4);
            run.Error.Should().Contain("MKT-4001").And.Contain("data import");
        }
    }

    [Fact]
    public async Task A_folder_is_checked_file_by_file_and_every_finding_can_be_had()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["in/index/1h"]);
        File.WriteAllText(folder["in/one.csv"], Days.Replace("100\n", "0\n", StringComparison.Ordinal));
        File.WriteAllText(folder["in/index/1h/two.csv"], "symbol,ts,open,high,low,close,volume\nTWO,2024-06-03T13:30:00Z,1,1,1,1,0\nTWO,2024-06-03T14:30:00Z,1,1,1,1,5\n");
        File.WriteAllText(folder["in/rates.csv"], "date,mxn\n2024-06-03,17.25\n2024-06-04,1730\n2024-06-05,17.4\n");
        File.WriteAllText(folder["in/notes.txt"], "nothing to see\n");
        CommandLineRun run = await CommandLineRun.OfAsync(["data", "check", folder["in"], "--out", folder["all.csv"], "--data", folder["data"], "-o", "json"], Token);
        run.ExitCode.Should().Be(4, "broken facts come before the file that is not understood");
        run.Error.Should().Contain("MKT-2103").And.Contain("MKT-2121").And.Contain("MKT-2003");
        File.ReadAllLines(folder["all.csv"]).Should().Equal(
            "file,symbol,ts,rule,detail,kind,row",
            "in/index/1h/two.csv,TWO,2024-06-03 13:30:00,quiet_bar,,remark,2",
            "in/one.csv,ONE,2024-06-03 00:00:00,zero_volume,,flag,2",
            "in/one.csv,ONE,2024-06-04 00:00:00,high_below_body,o=1 h=0.9 l=0.5 c=1,broken,3",
            "in/one.csv,ONE,2024-06-04 00:00:00,zero_volume,,flag,3",
            "in/rates.csv,mxn,2024-06-04 00:00:00,scale_slip,\"value=1730, 10^2 times its neighbours\",broken,3");
        JsonElement one = JsonDocument.Parse(run.Out).RootElement[1];
        one.GetProperty("findings").GetProperty("zero_volume").GetInt32().Should().Be(2);
        one.GetProperty("rows").GetArrayLength().Should().Be(3);

        CommandLineRun table = await CommandLineRun.OfAsync(["data", "check", folder["in"], "--data", folder["data"]], Token);
        table.Out.Should().Contain("refused").And.Contain("Apart, quiet_bar");
        Directory.CreateDirectory(folder["empty"]);
        (await CommandLineRun.OfAsync(["data", "check", folder["empty"], "--data", folder["data"]], Token)).Error.Should().Contain("MKT-2001");
    }

    [Fact]
    public async Task The_asset_class_is_what_was_said_then_the_folder_then_the_symbol()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["two.csv"], "ts,open,high,low,close,volume\n2024-06-03,1,1,1,1,0\n2024-06-04,1,1,1,1,5\n");
        async Task<string> Rule(params string[] more)
        {
            CommandLineRun run = await CommandLineRun.OfAsync(["data", "check", folder["two.csv"], "-o", "json", "--data", folder["data"], .. more], Token);
            return JsonDocument.Parse(run.Out).RootElement[0].GetProperty("rows")[0].GetProperty("rule").GetString()!;
        }

        (await Rule()).Should().Be("zero_volume");
        (await Rule("--asset-class", "index")).Should().Be("quiet_bar");
        (await Rule("--symbol", "SPX")).Should().Be("quiet_bar");
        CommandLineRun wrong = await CommandLineRun.OfAsync(["data", "check", folder["two.csv"], "--asset-class", "stocks", "--data", folder["data"]], Token);
        wrong.ExitCode.Should().Be(2);
        wrong.Error.Should().Contain("MKT-2015").And.Contain("equity");
    }

    [Fact]
    public async Task A_pair_is_held_against_the_calendar_of_its_market_and_against_none_where_none_is_known()
    {
        using var folder = new TemporaryFolder();
        // Monday 2024-05-13 is a holiday in Colombia and none in New York, Memorial Day the other way round; 13:00 UTC is 08:00 in Bogotá.
        string rows = string.Concat(new[] { "2024-05-10", "2024-05-13", "2024-05-24", "2024-05-27" }.SelectMany(
            d => Enumerable.Range(13, 5).Select(h => $"{d}T{h}:00:00Z,3900,3901,3899,3900.{h},0\n")));
        async Task<(JsonElement Series, string Out)> Check(string symbol, string volume)
        {
            string file = folder[$"{symbol}.csv"];
            File.WriteAllText(file, "ts,open,high,low,close,volume\n" + rows.Replace(",0\n", $",{volume}\n", StringComparison.Ordinal));
            string[] check = ["data", "check", file, "--symbol", symbol, "--data", folder["data"]];
            return (JsonDocument.Parse((await CommandLineRun.OfAsync([.. check, "-o", "json"], Token)).Out).RootElement[0], (await CommandLineRun.OfAsync(check, Token)).Out);
        }

        (JsonElement peso, string ofPeso) = await Check("USDCOP", "0");
        peso.GetProperty("calendar").GetString().Should().Be("COLOMBIA");
        peso.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("rule").GetString() == "outside_session").Select(r => r.GetProperty("ts").GetString()![..10])
            .Should().HaveCount(5).And.OnlyContain(d => d == "2024-05-13");
        ofPeso.Should().NotContain("No calendar");

        (JsonElement euro, string ofEuro) = await Check("EURUSD", "0");
        euro.GetProperty("calendar").ValueKind.Should().Be(JsonValueKind.Null);
        euro.GetProperty("findings").EnumerateObject().Select(f => f.Name).Should().Equal("no_volume");
        ofEuro.Should().Contain("No calendar of fx is known here for EURUSD: hours and missing bars were not checked.");
    }

    [Fact]
    public async Task A_waiver_of_a_table_is_kept_with_its_reason_and_counts_the_next_time()
    {
        using var folder = new TemporaryFolder();
        string file = Checkout.Material("market/macro/usdcop_macro_daily_as_published.parquet");
        string[] check = ["data", "check", file, "--data", folder["data"]];
        CommandLineRun refused = await CommandLineRun.OfAsync(check, Token);
        refused.ExitCode.Should().Be(4);
        refused.Error.Should().Contain("MKT-2121").And.Contain("column usdmxn").And.Contain("56 such rows");
        CommandLineRun waived = await CommandLineRun.OfAsync([.. check, "--waive", "scale_slip", "--reason", "the vendor changed its unit"], Token);
        waived.ExitCode.Should().Be(0, waived.Error);
        CommandLineRun again = await CommandLineRun.OfAsync([.. check, "-o", "json"], Token);
        again.ExitCode.Should().Be(0, again.Error);
        again.Out.Should().Contain("the vendor changed its unit");
        (await CommandLineRun.OfAsync([.. check, "--waive", "null_price", "--reason", "x"], Token)).Error.Should().Contain("null_price found nothing here");
    }

    [Fact]
    public async Task Importing_twice_changes_nothing_and_says_so_and_pruning_removes_what_a_correction_left()
    {
        using var folder = new TemporaryFolder();
        string[] where = ["--data", folder["data"]];
        File.WriteAllText(folder["one.csv"], Days.Replace("0.9", "1.9", StringComparison.Ordinal));
        await CommandLineRun.OfAsync(["data", "import", folder["one.csv"], .. where], Token);
        string[] Facts() => [.. Directory.EnumerateFiles(folder["data"], "*", SearchOption.AllDirectories).Where(f => f.Contains("/bars/") || f.Contains("/snapshots/")).Order(StringComparer.Ordinal)];
        string[] facts = Facts();
        CommandLineRun again = await CommandLineRun.OfAsync(["data", "import", folder["one.csv"], .. where], Token);
        again.ExitCode.Should().Be(0, again.Error);
        again.Out.Should().Contain("known already");
        again.Error.Should().Contain("nothing was changed");
        Facts().Should().Equal(facts);

        File.WriteAllText(folder["one.csv"], Days.Replace("0.9", "1.8", StringComparison.Ordinal));
        await CommandLineRun.OfAsync(["data", "import", folder["one.csv"], .. where], Token);
        Facts().Should().HaveCount(4);
        CommandLineRun plan = await CommandLineRun.OfAsync(["data", "prune", "--dry-run", "-o", "json", .. where], Token);
        JsonDocument.Parse(plan.Out).RootElement.GetProperty("files").GetArrayLength().Should().Be(1);
        Facts().Should().HaveCount(4);
        CommandLineRun prune = await CommandLineRun.OfAsync(["data", "prune", .. where], Token);
        prune.ExitCode.Should().Be(0, prune.Error);
        Facts().Should().HaveCount(2).And.NotIntersectWith(facts);
        (await CommandLineRun.OfAsync(["data", "check", "ONE", .. where], Token)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_dry_run_shows_the_rows_and_ends_with_what_would_be_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["one.csv"], Days);
        CommandLineRun run = await CommandLineRun.OfAsync(["data", "import", folder["one.csv"], "--dry-run", "--data", folder["data"]], Token);
        run.ExitCode.Should().Be(4);
        run.Out.Should().Contain("would be refused").And.Contain("session of 2024-06-04").And.Contain("high_below_body=1");
        run.Error.Should().Contain("MKT-2103").And.Contain("nothing was written");
        File.WriteAllText(folder["night.csv"], "ts,open,high,low,close,volume\n2024-11-03 01:30,1,1,1,1,1\n2024-11-03 01:30,1,1,1,1,1\n2024-11-03 02:30,1,1,1,1,1\n");
        (await CommandLineRun.OfAsync(["data", "import", folder["night.csv"], "--symbol", "X", "--tz", "America/New_York", "--dry-run", "--data", folder["data"]], Token))
            .Error.Should().Contain("2 bars lie in an hour that the clock of --tz shows twice");
    }
}
