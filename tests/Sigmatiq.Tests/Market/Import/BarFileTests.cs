using System.Globalization;
using System.Text;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Market.Bars;

namespace Sigmatiq.Tests.Market.Import;

public sealed class BarFileTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly Symbol Test = Symbol.Parse("TEST");
    private static readonly BarFileOptions Named = new() { Symbol = Test };

    private const string Hours = """
        Timestamp,Close,VOLUME,open,High,low,IsGap
        2024-03-08T14:30:00Z,101.5,1000,100,102,99.5,false
        2024-03-08T15:30:00Z,102.5,2000,101.5,103,101,false
        2024-03-08T16:30:00Z,102,1500,102.5,102.75,101.5,false
        """;

    [Fact]
    public void A_csv_is_understood_by_its_header_in_any_case_and_order()
    {
        using var work = new Workspace();
        PublishedBars read = BarFile.Read(work.Write("a.csv", Hours), Named, Ct).Should().ContainSingle().Subject;
        read.Symbol.Should().Be(Test);
        read.Bars.Interval.Should().Be(Interval.Hour1);
        read.Bars.StartUtc(0).Should().Be(new DateTimeOffset(2024, 3, 8, 14, 30, 0, TimeSpan.Zero));
        read.Bars.Open.Should().Equal(100, 101.5, 102.5);
        read.Bars.High.Should().Equal(102, 103, 102.75);
        read.Bars.Low.Should().Equal(99.5, 101, 101.5);
        read.Bars.Close.Should().Equal(101.5, 102.5, 102);
        read.Bars.Volume.Should().Equal(1000, 2000, 1500);
        read.Rows.Should().Equal(2, 3, 4);
    }

    [Theory]
    [InlineData("2024-03-08T14:30:00Z")]
    [InlineData("2024-03-08 14:30:00+00:00")]
    [InlineData("2024-03-08 14:30:00+00")]
    [InlineData("2024-03-08T09:30:00-05:00")]
    [InlineData("2024-03-08T14:30")]
    [InlineData("2024-03-08 14:30:00.000")]
    [InlineData("20240308T143000")]
    [InlineData("1709908200")]
    [InlineData("\"2024-03-08T14:30:00Z\"")]
    public void A_time_is_read_however_it_is_written(string text)
    {
        using var work = new Workspace();
        string file = work.Write("a.csv", $"time,open,high,low,close,volume\n{text},1,1,1,1,1\n2024-03-08T15:30:00Z,1,1,1,1,1\n");
        BarFile.Read(file, Named, Ct)[0].Bars.StartUtc(0).Should().Be(new DateTimeOffset(2024, 3, 8, 14, 30, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Times_without_a_zone_follow_the_given_one_across_both_changes_of_the_clock()
    {
        using var work = new Workspace();
        string file = work.Write("a.csv", """
            date,open,high,low,close,volume
            2024-03-08 09:30,1,1,1,1,1
            2024-03-08 10:30,1,1,1,1,1
            2024-03-11 09:30,1,1,1,1,1
            2024-11-01 09:30,1,1,1,1,1
            2024-11-03 01:30,1,1,1,1,1
            2024-11-03 01:30,1,1,1,1,1
            2024-11-04 09:30,1,1,1,1,1
            """);
        BarColumns bars = BarFile.Read(file, Named with { Zone = BarFileOptions.ParseZone("America/New_York") }, Ct)[0].Bars;
        Enumerable.Range(0, bars.Count).Select(t => bars.StartUtc(t).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)).Should().Equal(
            "03-08 14:30", "03-08 15:30", "03-11 13:30", "11-01 13:30", "11-03 05:30", "11-03 06:30", "11-04 14:30");
    }

    [Fact]
    public void An_hour_that_the_clock_shows_twice_is_counted_so_that_it_can_be_said()
    {
        using var work = new Workspace();
        string file = work.Write("a.csv", "ts,open,high,low,close,volume\n2024-11-03 00:30,1,1,1,1,1\n2024-11-03 01:30,1,1,1,1,1\n2024-11-03 01:30,1,1,1,1,1\n2024-11-03 02:30,1,1,1,1,1\n");
        BarFile.Read(file, Named with { Zone = BarFileOptions.ParseZone("America/New_York") }, Ct)[0].RepeatedTimes.Should().Be(2);
        BarFile.Read(file, Named with { Zone = TimeZoneInfo.Utc, Interval = Interval.Hour1 }, Ct)[0].RepeatedTimes.Should().Be(0);
    }

    [Fact]
    public void Timestamps_of_a_Parquet_follow_the_given_zone_and_are_UTC_without_one()
    {
        using var work = new Workspace();
        string file = Path.Combine(work.Root, "a.parquet");
        long first = new DateTimeOffset(2024, 7, 1, 9, 30, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1000;
        double[] ones = [1, 1];
        ParquetFile.Write(file, new(
            Column.OfTimestamps("ts", [first, first + 3_600_000_000]), Column.Of("open", ones), Column.Of("high", ones), Column.Of("low", ones), Column.Of("close", ones),
            Column.Of("volume", ones)), Ct);
        BarFile.Read(file, Named, Ct)[0].Bars.StartUtc(0).Hour.Should().Be(9);
        BarFile.Read(file, Named with { Zone = BarFileOptions.ParseZone("America/New_York") }, Ct)[0].Bars.StartUtc(0).Hour.Should().Be(13);
    }

    [Fact]
    public void Dates_are_day_bars_and_stay_labels_in_any_zone()
    {
        using var work = new Workspace();
        string text = "Date,Open,High,Low,Close,Adj Close,Volume\n2024-07-02,1,1,1,1,1,1\n2024-07-03,1,1,1,1,1,1\n2024-07-05,1,1,1,1,1,1\n";
        foreach (string zone in new[] { "UTC", "America/New_York" })
        {
            BarColumns bars = BarFile.Read(work.Write("a.csv", text), Named with { Zone = BarFileOptions.ParseZone(zone) }, Ct)[0].Bars;
            bars.Interval.Should().Be(Interval.Day1);
            bars.StartUtc(2).Should().Be(new DateTimeOffset(2024, 7, 5, 0, 0, 0, TimeSpan.Zero));
        }

        string midnights = text.Replace(",1,1,1,1,1,1", " 00:00:00-04:00,1,1,1,1,1,1", StringComparison.Ordinal);
        BarFile.Read(work.Write("b.csv", midnights), Named, Ct)[0].Bars.StartUtc(2).Should().Be(
            new DateTimeOffset(2024, 7, 5, 0, 0, 0, TimeSpan.Zero), "midnight in New York is that day's label");
    }

    [Fact]
    public void Semicolons_quotes_a_byte_order_mark_and_renamed_columns_are_understood()
    {
        using var work = new Workspace();
        string file = work.Write("a.csv", "\uFEFF\"Time\";O;H;L;\"Adj;Close\";V\n2024-07-02;1;2;0.5;1.5;\"7\"\n2024-07-03;1;2;0.5;1.5;\n");
        BarFileOptions options = Named with { Columns = BarFileOptions.ParseColumns("open=O, high=H,low=L,close=Adj;Close,volume=V") };
        BarColumns bars = BarFile.Read(file, options, Ct)[0].Bars;
        bars.Close.Should().Equal(1.5, 1.5);
        bars.Volume[0].Should().Be(7);
        bars.Volume[1].Should().Be(double.NaN, "an empty field is missing, not zero");
    }

    [Fact]
    public void Random_bars_come_back_from_csv_as_they_were()
    {
        for (int seed = 0; seed < 25; seed++)
        {
            Rng rng = Rng.From(seed);
            Interval interval = new[] { Interval.Minute1, Interval.Minute5, Interval.Hour1, Interval.Day1 }[rng.NextInt(4)];
            BarColumns bars = MadeBars.OnSessions(interval, new(2024, 2, 28), new(2024, 3, 12), rng);
            using var work = new Workspace();
            BarColumns read = BarFile.Read(work.Write("a.csv", Csv(bars, rng)), Named, Ct)[0].Bars;
            read.Interval.Should().Be(interval, $"seed {seed}");
            read.StartUtcUs.Should().Equal(bars.StartUtcUs, $"seed {seed}");
            read.Close.Should().Equal(bars.Close, $"seed {seed}");
            read.Volume.Should().Equal(bars.Volume, $"seed {seed}");
        }
    }

    [Fact]
    public void Random_damage_is_read_or_refused_with_a_code_and_never_anything_else()
    {
        int refused = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            Rng rng = Rng.From(seed);
            char[] text = Hours.ToCharArray();
            for (int i = rng.NextInt(4); i >= 0; i--)
            {
                text[rng.NextInt(text.Length)] = ",;\"\n 9eTZ-:.\0x"[rng.NextInt(14)];
            }

            using var work = new Workspace();
            string file = work.Write("a.csv", new(text));
            try
            {
                BarFile.Read(file, Named, Ct);
            }
            catch (ProblemException e)
            {
                refused++;
                e.All.Should().OnlyContain(p => p.Code.StartsWith("MKT-", StringComparison.Ordinal) && p.Where != null && p.Remedy != null, $"seed {seed}");
            }
        }

        refused.Should().BeGreaterThan(30);
    }

    [Theory]
    [InlineData("MKT-2003", "time,open,high,low,close\n2024-07-02,1,1,1,1\n", "volume")]
    [InlineData("MKT-2004", "time,date,open,high,low,close,volume\n2024-07-02,1,1,1,1,1,1\n", "'time' and 'date'")]
    [InlineData("MKT-2005", "ts,open,high,low,close,volume\n2024-07-02,1,1,1,1,1\n2024-07-03,1,abc,1,1,1\n", "'abc'")]
    [InlineData("MKT-2005", "ts,open,high,low,close,volume\n2024-07-02,1,1,1,1,1\n2024-07-03,\"1,234\",1,1,1,1\n", "'1,234'")]
    [InlineData("MKT-2006", "ts,open,high,low,close,volume\n2024-07-02,1,1,1,1,1\n2/7/2024,1,1,1,1,1\n", "'2/7/2024'")]
    [InlineData("MKT-2006", "ts,open,high,low,close,volume\n2024-07-02,1,1,1,1,1\n1709908200000,1,1,1,1,1\n", "milliseconds")]
    [InlineData("MKT-2007", "ts,open,high,low,close,volume\n2024-07-02,1,1,1,1,1\n", "--interval")]
    [InlineData("MKT-2010", "ts,open,high,low,close,volume\n", "no bars")]
    [InlineData("MKT-2010", "", "no bars")]
    [InlineData("MKT-2013", "ts,open,high,low,close,volume\n2024-07-02,1,1,1,1,1\n2024-07-03,1,1,1,1,1,1\n", "7 fields")]
    [InlineData("MKT-2013", "ts,open,high,low,close,volume\n2024-07-02,1,1,1,1,1\n2024-07-03,\"1,1,1,1,1\n", "2 fields")]
    public void A_broken_csv_is_refused_with_code_place_and_remedy(string code, string text, string says)
    {
        using var work = new Workspace();
        Problem problem = Refusal(() => BarFile.Read(work.Write("bad.csv", text), Named, Ct));
        problem.Code.Should().Be(code);
        problem.ToString().Should().Contain(says);
        problem.Where.Should().Contain("bad.csv");
        problem.Remedy.Should().NotBeNullOrEmpty();
        if (code is "MKT-2005" or "MKT-2006" or "MKT-2013")
        {
            problem.Where.Should().Contain("row 3", "the header is line 1");
        }
    }

    [Fact]
    public void A_time_that_the_clock_skips_is_refused()
    {
        using var work = new Workspace();
        string file = work.Write("bad.csv", "ts,open,high,low,close,volume\n2024-03-10 02:30,1,1,1,1,1\n");
        Problem problem = Refusal(() => BarFile.Read(file, Named with { Zone = BarFileOptions.ParseZone("America/New_York") }, Ct));
        problem.Code.Should().Be("MKT-2006");
        problem.Message.Should().Contain("skips");
    }

    [Fact]
    public void Every_bad_row_up_to_ten_is_named_at_once()
    {
        using var work = new Workspace();
        var text = new StringBuilder("ts,open,high,low,close,volume\n");
        for (int i = 0; i < 30; i++)
        {
            text.Append("2024-07-02,1,x,1,1,1\n");
        }

        ((Action)(() => BarFile.Read(work.Write("bad.csv", text.ToString()), Named, Ct))).Should().Throw<ProblemException>()
            .Which.All.Should().HaveCount(10);
    }

    [Theory]
    [InlineData("MKT-2001", "nowhere.csv")]
    [InlineData("MKT-2002", "a.xlsx")]
    [InlineData("MKT-2002", "a.parquet")]
    public void A_file_that_is_not_there_or_of_no_known_form_is_refused(string code, string name)
    {
        using var work = new Workspace();
        work.Write("a.xlsx", Hours);
        work.Write("a.parquet", Hours);
        Refusal(() => BarFile.Read(Path.Combine(work.Root, name), Named, Ct)).Code.Should().Be(code);
    }

    [Fact]
    public void A_parquet_file_that_is_none_is_refused_in_one_line_without_the_query_that_read_it()
    {
        using var work = new Workspace();
        string file = Path.Combine(work.Root, "a.parquet");
        File.WriteAllText(file, "no Parquet at all, but long enough to be looked at");
        Refusal(() => BarFile.Read(file, Named, Ct)).Message.Should().StartWith("The file is not readable as Parquet: ").And.EndWith(".")
            .And.NotContain("select").And.NotContain("\n");
    }

    [Fact]
    public void Text_that_is_not_utf8_is_refused()
    {
        using var work = new Workspace();
        string file = Path.Combine(work.Root, "a.csv");
        File.WriteAllBytes(file, [0x74, 0x73, 0xFF, 0xFE, 0x80]);
        Refusal(() => BarFile.Read(file, Named, Ct)).Code.Should().Be("MKT-2002");
    }

    [Fact]
    public void Options_that_do_not_fit_the_file_are_refused()
    {
        using var work = new Workspace();
        string file = work.Write("a.csv", Hours);
        Refusal(() => BarFile.Read(file, Named with { Interval = Interval.Day1 }, Ct)).Code.Should().Be("MKT-2008");
        Refusal(() => BarFile.Read(file, new(), Ct)).Code.Should().Be("MKT-2011");
        Refusal(() => BarFile.Read(file, Named with { Columns = BarFileOptions.ParseColumns("close=last") }, Ct)).Code.Should().Be("MKT-2003");
        Refusal(() => BarFileOptions.ParseColumns("close")).Code.Should().Be("MKT-2012");
        Refusal(() => BarFileOptions.ParseColumns("price=x")).Code.Should().Be("MKT-2012");
        Refusal(() => BarFileOptions.ParseZone("Mars/Olympus")).Code.Should().Be("MKT-2009");
    }

    [Theory]
    [InlineData("SPY", 3476)]
    [InlineData("QQQ", 3624)]
    [InlineData("MSFT", 3505)]
    [InlineData("AAPL", 3357)]
    public void The_real_hourly_files_are_understood_whole(string symbol, int bars)
    {
        PublishedBars read = BarFile.Read(Checkout.Material($"market/bars/equity/hour/{symbol}.parquet"), new(), Ct).Should().ContainSingle().Subject;
        read.Symbol.Value.Should().Be(symbol);
        read.Bars.Interval.Should().Be(Interval.Hour1);
        read.Bars.Count.Should().Be(bars);
    }

    [Fact]
    public void A_file_of_many_symbols_gives_each_its_bars_and_can_be_asked_for_one()
    {
        string file = Checkout.Material("market/bars/equity/daily/adj_2012_2017.parquet");
        IReadOnlyList<PublishedBars> all = BarFile.Read(file, new(), Ct);
        all.Should().HaveCount(66);
        all.Sum(b => b.Bars.Count).Should().Be(80916);
        PublishedBars one = BarFile.Read(file, new() { Symbol = all[5].Symbol }, Ct).Should().ContainSingle().Subject;
        one.Bars.Close.Should().Equal(all[5].Bars.Close);
        one.Bars.AdjFactor.Should().HaveCount(one.Bars.Count);
        Problem problem = Refusal(() => BarFile.Read(file, new() { Symbol = Symbol.Parse("NOSUCH") }, Ct));
        problem.Code.Should().Be("MKT-2011");
    }

    [Fact]
    public void Looking_inside_a_file_needs_no_symbol_and_passes_the_gates()
    {
        using var work = new Workspace();
        BarFile.ReadOne(work.Write("a.csv", Hours), new(), Ct).Symbol.Value.Should().Be("BARS");
        Refusal(() => BarFile.ReadOne(work.Write("b.csv", Hours.Replace("102,99.5", "90,99.5", StringComparison.Ordinal)), new(), Ct))
            .Code.Should().Be("MKT-2103");
    }

    internal static string Csv(BarColumns bars, Rng? rng = null)
    {
        string F(double x) => x.ToString("R", CultureInfo.InvariantCulture);
        bool seconds = rng is not null && bars.Interval != Interval.Day1 && rng.NextInt(2) == 0;
        var text = new StringBuilder("ts,open,high,low,close,volume\n");
        for (int t = 0; t < bars.Count; t++)
        {
            string time = seconds ? (bars.StartUtcUs[t] / 1_000_000).ToString(CultureInfo.InvariantCulture)
                : bars.StartUtc(t).ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{time},{F(bars.Open[t])},{F(bars.High[t])},{F(bars.Low[t])},{F(bars.Close[t])},{F(bars.Volume[t])}\n");
        }

        return text.ToString();
    }

    internal static Problem Refusal(Action act) => act.Should().Throw<ProblemException>().Which.Problem;
}
