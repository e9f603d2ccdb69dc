using Sigmatiq.Market.Import;
using Sigmatiq.Market.Quality;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Market.Import;

public sealed class SeriesFileTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void A_table_gives_one_series_a_column_of_numbers_and_leaves_out_what_is_missing()
    {
        using var work = new Workspace();
        string file = work.Write("macro.csv", "Date,usdmxn,note,vix\n2024-01-02,17.1,holiday,\n2024-01-03,17.2,,13.5\n2024-01-04,,x,14\n");
        SeriesFile.IsOne(file, new(), Ct).Should().BeTrue();
        IReadOnlyList<PublishedSeries> all = SeriesFile.Read(file, new(), Ct);
        all.Select(s => s.Name).Should().Equal("usdmxn", "vix");
        all[0].Values.Should().Equal(17.1, 17.2);
        all[1].Rows.Should().Equal(3, 4);
        all[1].Place(0).Should().Be("macro.csv row 3 column vix");
    }

    [Fact]
    public void A_table_with_symbols_gives_a_series_each()
    {
        using var work = new Workspace();
        string file = work.Write("rates.csv", "ts,symbol,value\n2024-01-02,A,1\n2024-01-02,B,2\n2024-01-03,A,3\n");
        SeriesFile.Read(file, new(), Ct).Select(s => (s.Name, s.Values.Length)).Should().Equal(("A.value", 2), ("B.value", 1));
    }

    [Fact]
    public void Bars_are_no_table()
    {
        using var work = new Workspace();
        SeriesFile.IsOne(work.Write("a.csv", "ts,open,high,low,close,volume\n"), new(), Ct).Should().BeFalse();
        SeriesFile.IsOne(work.Write("b.csv", "ts,O,close\n"), new() { Columns = BarFileOptions.ParseColumns("open=O") }, Ct).Should().BeFalse();
        SeriesFile.IsOne(work.Write("c.csv", "a,b\n"), new(), Ct).Should().BeFalse("without times it is nothing");
        SeriesFile.IsOne(Checkout.Material("market/bars/equity/daily/SPY.parquet"), new(), Ct).Should().BeFalse();
    }

    [Theory]
    [InlineData("MKT-2003", "a,b\n1,2\n")]
    [InlineData("MKT-2006", "ts,a\nyesterday,2\n")]
    [InlineData("MKT-2010", "ts,a\n2024-01-02,x\n")]
    [InlineData("MKT-2010", "ts,a\n")]
    [InlineData("MKT-2013", "ts,a\n2024-01-02,1,2\n")]
    [InlineData("MKT-2004", "ts,date,a\n2024-01-02,2024-01-02,1\n")]
    public void A_broken_table_is_refused_with_code_place_and_remedy(string code, string text)
    {
        using var work = new Workspace();
        string file = work.Write("a.csv", text);
        Problem problem = ((Action)(() => SeriesFile.Read(file, new(), Ct))).Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be(code);
        problem.Where.Should().Contain("a.csv");
        problem.Remedy.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void A_file_that_is_none_is_refused()
    {
        using var work = new Workspace();
        Code(() => SeriesFile.Read(Path.Combine(work.Root, "nowhere.csv"), new(), Ct)).Should().Be("MKT-2001");
        Code(() => SeriesFile.Read(work.Write("a.parquet", "no"), new(), Ct)).Should().Be("MKT-2002");
        string bytes = Path.Combine(work.Root, "b.csv");
        File.WriteAllBytes(bytes, [.. "ts,a\n"u8, 0xff, 0xfe]);
        Code(() => SeriesFile.Read(bytes, new(), Ct)).Should().Be("MKT-2002");
    }

    [Fact]
    public void Twice_the_same_day_and_a_step_back_are_broken_facts_of_a_series_too()
    {
        using var work = new Workspace();
        string file = work.Write("a.csv", "ts,a,b\n2024-01-02,1,\n2024-01-02,1,2\n2024-01-01,1,\n");
        SeriesReport a = SeriesReport.Of(SeriesFile.Read(file, new(), Ct)[0]);
        a.Findings.Select(f => f.Rule.Name).Should().BeEquivalentTo("duplicate_ts", "duplicate_ts", "unordered_ts");
        a.Problems([]).Select(p => p.Where).Should().Contain("a.csv row 2 column a");
        SeriesReport.Of(SeriesFile.Read(file, new(), Ct)[1]).Findings.Should().BeEmpty("it has one value only");
    }

    [Fact]
    public void Random_damage_is_read_or_refused_with_a_code_and_never_anything_else()
    {
        string whole = "ts;a;b\n2024-01-02;1.5;\n2024-01-03;2;3e2\n2024-01-04 10:00;-7;0\n";
        int refused = 0, read = 0;
        for (int seed = 0; seed < 500; seed++)
        {
            Rng rng = Rng.From(seed);
            char[] text = whole.ToCharArray();
            for (int i = rng.NextInt(4); i >= 0; i--)
            {
                text[rng.NextInt(text.Length)] = ",;\"\n 9eTZ-:.\0x"[rng.NextInt(14)];
            }

            using var work = new Workspace();
            string file = work.Write("a.csv", new(text));
            try
            {
                read += SeriesFile.Read(file, new(), Ct).Select(SeriesReport.Of).Count();
            }
            catch (ProblemException e)
            {
                refused++;
                e.All.Should().OnlyContain(p => p.Code.StartsWith("MKT-", StringComparison.Ordinal) && p.Where != null && p.Remedy != null, $"seed {seed}");
            }
        }

        refused.Should().BeGreaterThan(30);
        read.Should().BeGreaterThan(30);
    }

    private static string Code(Action act) => act.Should().Throw<ProblemException>().Which.Problem.Code;
}
