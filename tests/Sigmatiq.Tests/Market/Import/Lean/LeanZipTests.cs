using System.Globalization;
using System.IO.Compression;
using System.Text;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Import.Lean;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Market.Import.Lean;

/// <summary>Archives in the shape that Lean documents: New York time, prices × 10,000, no header. The rows are made here, since the
/// published ones may not be copied.</summary>
public sealed class LeanZipTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Hours_are_read_in_New_York_time_and_dollars_across_the_change_of_the_clock()
    {
        using var work = new Workspace();
        PublishedBars read = Read(work, "spy.zip", ("spy.csv", """
            20240308 14:00,5140000,5149900,5138100,5142500,1200300
            20240308 15:00,5142500,5150000,5100000,5118900,2500000
            20240311 10:00,5112000,5120000,5110000,5119999,900000
            20240311 11:00,5119999,5121000,5118000,5120000,800000
            """));
        read.Symbol.Value.Should().Be("SPY");
        read.Bars.Interval.Should().Be(Interval.Hour1);
        read.Bars.StartUtc(1).Should().Be(new DateTimeOffset(2024, 3, 8, 20, 0, 0, TimeSpan.Zero));
        read.Bars.StartUtc(2).Should().Be(new DateTimeOffset(2024, 3, 11, 14, 0, 0, TimeSpan.Zero));
        read.Bars.High.Should().Equal(514.99, 515, 512, 512.1);
        read.Bars.Close[2].Should().Be(511.9999);
        read.Bars.Volume[1].Should().Be(2_500_000);
        read.Bars.AdjFactor.Should().BeEmpty();
    }

    [Fact]
    public void The_hour_from_nine_is_the_sessions_first_bar_and_hours_by_the_clock_are_no_noise()
    {
        using var work = new Workspace();
        // A Friday, the clock's change, a Monday, and the half day after Thanksgiving.
        string rows = string.Concat(new[] { ("20240308", 16), ("20240311", 16), ("20241129", 13) }.SelectMany(
            d => Enumerable.Range(9, d.Item2 - 9).Select(h => $"{d.Item1} {h:00}:00,5140000,5149900,5138100,514{h:00}00,1200300\n")));
        PublishedBars read = Read(work, "spy.zip", ("spy.csv", rows));
        Enumerable.Range(0, 9).Select(t => read.Bars.StartUtc(t).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)).Should().Equal(
            "03-08 14:30", "03-08 15:00", "03-08 16:00", "03-08 17:00", "03-08 18:00", "03-08 19:00", "03-08 20:00", "03-11 13:30", "03-11 14:00");
        QualityReport report = QualityGates.Check(read.Bars, CheckedMarket.Of(read.Symbol));
        report.Findings.Where(f => f.Rule != QualityRule.StalePrice).Should().ContainSingle("eight months are missing between the second day and the third")
            .Which.Rule.Should().Be(QualityRule.Gap);

        // One hour left out of the second day.
        PublishedBars holed = Read(work, "holed.zip", ("spy.csv", rows.Replace(rows.Split('\n')[9] + "\n", "", StringComparison.Ordinal)));
        QualityGates.Check(holed.Bars, CheckedMarket.Of(holed.Symbol)).Findings.Where(f => f.Rule == QualityRule.Gap).Select(f => f.Detail)
            .Should().HaveCount(2).And.StartWith(["bars=1 since 2024-03-11T15:00:00Z"]);
    }

    [Fact]
    public void Hours_by_the_clock_of_another_file_have_no_gap_at_the_open()
    {
        using var work = new Workspace();
        string file = Path.Combine(work.Root, "spy.csv");
        File.WriteAllText(file, "ts,open,high,low,close,volume\n" + string.Concat(new[] { "2024-03-07", "2024-03-08" }.SelectMany(
            d => Enumerable.Range(9, 7).Select(h => $"{d} {h:00}:00,514,515,513,514.{h},1000\n"))));
        PublishedBars read = BarFile.Read(file, new() { Symbol = Symbol.Parse("SPY"), Zone = NyseCalendar.Instance.Zone }, Ct)[0];
        QualityGates.Check(read.Bars, CheckedMarket.Of(read.Symbol)).Findings.Select(f => f.Rule).Should().Equal(QualityRule.OutsideSession, QualityRule.OutsideSession);
    }

    [Fact]
    public void An_hour_from_nine_with_hours_before_it_holds_other_trades_and_keeps_its_time()
    {
        using var work = new Workspace();
        PublishedBars read = Read(work, "spy.zip", ("spy.csv", "20240308 08:00,1,1,1,1,1\n20240308 09:00,1,1,1,1,1\n20240308 10:00,1,1,1,1,1\n20240309 09:00,1,1,1,1,1\n"));
        read.Bars.StartUtc(1).Should().Be(new DateTimeOffset(2024, 3, 8, 14, 0, 0, TimeSpan.Zero));
        read.Bars.StartUtc(3).Should().Be(new DateTimeOffset(2024, 3, 9, 14, 0, 0, TimeSpan.Zero), "a Saturday has no session");
    }

    [Fact]
    public void Days_carry_their_session_date_as_a_label()
    {
        using var work = new Workspace();
        BarColumns days = Read(work, "aapl.zip", ("aapl.csv", "20240307 00:00,1690000,1700000,1680000,1689900,71000000\n20240308 00:00,1690000,1730000,1680000,1707300,76000000\n")).Bars;
        days.Interval.Should().Be(Interval.Day1);
        days.StartUtc(1).Should().Be(new DateTimeOffset(2024, 3, 8, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void A_folder_of_minutes_is_read_in_the_order_of_its_days()
    {
        using var work = new Workspace();
        string folder = Path.Combine(work.Root, "spy");
        Directory.CreateDirectory(folder);
        Zip(Path.Combine(folder, "20240311_trade.zip"), ("20240311_spy_minute_trade.csv", "34200000,5110000,5111000,5109000,5110500,1000\n34260000,5110500,5112000,5110000,5111500,900\n"));
        Zip(Path.Combine(folder, "20240308_trade.zip"), ("20240308_spy_minute_trade.csv", "34200000,5140000,5141000,5139000,5140500,1000\n34260000,5140500,5142000,5140000,5141500,900\n"));
        PublishedBars read = BarFile.Read(folder, new(), Ct).Should().ContainSingle().Subject;
        read.Bars.Interval.Should().Be(Interval.Minute1);
        Enumerable.Range(0, 4).Select(read.Bars.StartUtc).Should().Equal(
            new(2024, 3, 8, 14, 30, 0, TimeSpan.Zero), new(2024, 3, 8, 14, 31, 0, TimeSpan.Zero),
            new(2024, 3, 11, 13, 30, 0, TimeSpan.Zero), new DateTimeOffset(2024, 3, 11, 13, 31, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("../spy.csv")]
    [InlineData("a/../../spy.csv")]
    [InlineData("/etc/spy.csv")]
    [InlineData("..\\spy.csv")]
    [InlineData("C:spy.csv")]
    public void An_entry_that_leads_out_of_the_archive_is_refused_and_nothing_is_written(string name)
    {
        using var work = new Workspace();
        Code(work, (name, "20240307 00:00,1,1,1,1,1\n")).Should().Be("MKT-2051");
        Directory.GetFileSystemEntries(work.Root).Should().ContainSingle("only the archive itself is there");
    }

    [Fact]
    public void A_link_is_refused()
    {
        using var work = new Workspace();
        string path = Path.Combine(work.Root, "spy.zip");
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            ZipArchiveEntry entry = archive.CreateEntry("spy.csv");
            entry.ExternalAttributes = unchecked((int)0xA1FF0000);
            using var text = new StreamWriter(entry.Open());
            text.Write("/etc/passwd");
        }

        Refused(path).Problem.Code.Should().Be("MKT-2051");
    }

    [Fact]
    public void A_bomb_is_refused_before_it_fills_the_memory()
    {
        using var work = new Workspace();
        string path = Path.Combine(work.Root, "spy.zip");
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using Stream entry = archive.CreateEntry("spy.csv").Open();
            byte[] line = new byte[1 << 20];
            Array.Fill(line, (byte)'\n');
            for (int i = 0; i < 64; i++)
            {
                entry.Write(line);
            }
        }

        Refused(path).Problem.Should().Match<Problem>(p => p.Code == "MKT-2052" && p.Message.Contains("unpacks to more than", StringComparison.Ordinal));
    }

    [Fact]
    public void Too_many_entries_are_refused()
    {
        using var work = new Workspace();
        Code(work, [.. Enumerable.Range(0, SafeArchive.EntriesMax + 1).Select(i => ($"a{i}.csv", ""))]).Should().Be("MKT-2052");
    }

    [Theory]
    [InlineData("20240308_spy_minute_quote.csv", "34200000,1,1,1,1,1", "MKT-2053")]
    [InlineData("20240308_spy_tick_trade.csv", "34200000,1,1", "MKT-2053")]
    [InlineData("readme.txt", "hello", "MKT-2053")]
    [InlineData("20241399_spy_minute_trade.csv", "34200000,1,1,1,1,1", "MKT-2053")]
    [InlineData("spy.csv", "20240307 00:00,1,1,1,1", "MKT-2013")]
    [InlineData("spy.csv", "yesterday,1,1,1,1,1", "MKT-2006")]
    [InlineData("spy.csv", "20240310 02:30,1,1,1,1,1", "MKT-2006")]
    [InlineData("20240308_spy_minute_trade.csv", "86400000,1,1,1,1,1", "MKT-2006")]
    [InlineData("20240310_spy_minute_trade.csv", "9000000,1,1,1,1,1", "MKT-2006")]
    [InlineData("spy.csv", "20240307 00:00,1,1,one,1,1", "MKT-2005")]
    public void What_is_not_trade_bars_is_refused_with_its_place(string entry, string line, string code)
    {
        using var work = new Workspace();
        string path = Path.Combine(work.Root, "spy.zip");
        Zip(path, (entry, line + "\n"));
        Problem problem = Refused(path).Problem;
        problem.Code.Should().Be(code);
        problem.Where.Should().Contain("spy.zip");
        problem.Remedy.Should().NotBeEmpty();
    }

    [Fact]
    public void Damaged_archives_are_refused_and_never_crash()
    {
        using var work = new Workspace();
        string path = Path.Combine(work.Root, "spy.zip");
        Zip(path, ("spy.csv", string.Concat(Enumerable.Range(0, 500).Select(i => $"202403{1 + (i % 28):00} 00:00,1690000,1700000,1680000,1689900,{i}\n"))));
        byte[] whole = File.ReadAllBytes(path);
        Rng rng = Rng.From(7);
        for (int i = 0; i < 300; i++)
        {
            byte[] broken = [.. whole];
            for (int k = 0; k < 1 + rng.NextInt(4); k++)
            {
                broken[rng.NextInt(broken.Length)] ^= (byte)(1 << rng.NextInt(8));
            }

            File.WriteAllBytes(path, i % 2 == 0 ? broken : broken[..rng.NextInt(broken.Length)]);
            Action read = () => BarFile.Read(path, new(), Ct);
            Exception? e = Record.Exception(read);
            (e is null or ProblemException).Should().BeTrue($"seed 7, case {i}: {e}");
        }
    }

    [Fact]
    public void Adjusted_prices_follow_the_factors_of_their_sessions()
    {
        using var work = new Workspace();
        // A dividend that makes 0.99 of all prices up to 7 March, and a split 2:1 after the 8th.
        string factors = work.Write("f.csv", "20240307,0.99,0.5,169\n20240308,1,0.5,170.73\n20501231,1,1,0\n");
        string bars = work.Write("d.csv", "date,open,high,low,close,volume\n2024-03-07,100,100,100,100,1\n2024-03-08,100,100,100,100,1\n2024-03-11,50,50,50,50,1\n");
        BarColumns read = BarFile.Read(bars, new() { Symbol = Sigmatiq.Market.Symbols.Symbol.Parse("AAPL"), Factors = LeanFactors.Read(factors) }, Ct)[0].Bars;
        read.AdjFactor.Should().Equal(0.495, 0.5, 1);
        read.Adjusted().Close.Should().Equal(49.5, 50, 50);
        read.Close.Should().Equal(100, 100, 50);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20240307,0.99\n")]
    [InlineData("20240307,0,1\n")]
    [InlineData("20240307,-1,1\n")]
    [InlineData("20240307,1,1\n20240306,1,1\n")]
    [InlineData("20230307,1,1\n")]
    public void Factors_that_are_none_or_end_before_the_bars_are_refused(string text)
    {
        using var work = new Workspace();
        string factors = work.Write("f.csv", text);
        string bars = work.Write("d.csv", "date,open,high,low,close,volume\n2024-03-07,100,100,100,100,1\n2024-03-08,100,100,100,100,1\n");
        Action read = () => BarFile.Read(bars, new() { Symbol = Sigmatiq.Market.Symbols.Symbol.Parse("AAPL"), Factors = LeanFactors.Read(factors) }, Ct);
        read.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("MKT-2054");
    }

    private static PublishedBars Read(Workspace work, string name, params (string Entry, string Text)[] entries)
    {
        string path = Path.Combine(work.Root, name);
        Zip(path, entries);
        return BarFile.Read(path, new(), Ct).Should().ContainSingle().Subject;
    }

    private static string Code(Workspace work, params (string Entry, string Text)[] entries)
    {
        string path = Path.Combine(work.Root, "spy.zip");
        Zip(path, entries);
        return Refused(path).Problem.Code;
    }

    private static ProblemException Refused(string path) => FluentActions.Invoking(() => BarFile.Read(path, new(), Ct)).Should().Throw<ProblemException>().Which;

    private static void Zip(string path, params (string Entry, string Text)[] entries)
    {
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach ((string entry, string text) in entries)
        {
            using var into = new StreamWriter(archive.CreateEntry(entry).Open(), new UTF8Encoding(false));
            into.Write(text);
        }
    }
}
