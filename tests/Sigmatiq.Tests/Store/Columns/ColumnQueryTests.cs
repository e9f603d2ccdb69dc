using System.Globalization;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.Store.Columns;

public sealed class ColumnQueryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void A_scan_hands_out_every_row_once_and_in_order()
    {
        const int Rows = 10_000;
        long[] numbers = [.. Enumerable.Range(0, Rows).Select(i => (long)i)];
        ParquetFile.Write(folder["n.parquet"], new(Column.Of("n", numbers), Column.Of("half", Array.ConvertAll(numbers, n => n / 2.0))), Ct);

        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("t", folder["n.parquet"]));
        List<long> seen = [];
        double sum = 0;
        query.Scan("select n, half from t", chunk =>
        {
            seen.AddRange(chunk.Longs(0));
            foreach (double half in chunk.Doubles(1))
            {
                sum += half;
            }
        }, Ct);

        seen.Should().Equal(numbers);
        // 0 + 1 + … + 9999 = 9999 · 10000 / 2 = 49,995,000; halved 24,997,500.
        sum.Should().Be(24_997_500);
    }

    [Fact]
    public void Missing_values_of_a_scan_are_told_apart()
    {
        using ColumnQuery query = ColumnQuery.Over();
        List<double> doubles = [];
        List<bool> nulls = [];
        List<string?> texts = [];
        query.Scan("select * from (values (1.5::double, 1::bigint, 'a longer text than twelve bytes'), (null, null, null), (2.5, 3, '')) as v(d, l, s)", chunk =>
        {
            doubles.AddRange(chunk.Doubles(0));
            for (int row = 0; row < chunk.Rows; row++)
            {
                nulls.Add(chunk.IsNull(1, row));
                texts.Add(chunk.Text(2, row));
            }
        }, Ct);
        doubles.Should().Equal(1.5, double.NaN, 2.5);
        nulls.Should().Equal(false, true, false);
        texts.Should().Equal("a longer text than twelve bytes", null, "");
    }

    [Fact]
    public void Types_we_do_not_hold_become_ones_we_do()
    {
        using ColumnQuery query = ColumnQuery.Over();
        ColumnSet read = query.Read("""
            select 1::tinyint as i, 2::ubigint as l, 1.25::decimal(9, 2) as d, 0.5::float as f, 'b'::enum('a', 'b') as e,
                   timestamptz '2024-03-28 09:30:00-04' as tz, '2024-03-28 13:30:00'::timestamp_ns as ns, sum(3::integer) as s;
            """, Ct);
        read["i"].Ints.Should().Equal(1);
        read["l"].Longs.Should().Equal(2);
        read["d"].Doubles.Should().Equal(1.25);
        read["f"].Doubles.Should().Equal(0.5);
        read["e"].Texts.Should().Equal("b");
        read["s"].Doubles.Should().Equal(3);
        // 2024-03-28 13:30 UTC = 1,711,632,600 s since 1970 (19,810 days · 86,400 s + 48,600 s).
        read["tz"].TimestampsUtcUs.Should().Equal(1_711_632_600_000_000);
        read["ns"].TimestampsUtcUs.Should().Equal(1_711_632_600_000_000);
    }

    [Fact]
    public void A_date_that_no_calendar_of_ours_holds_is_refused()
    {
        using ColumnQuery query = ColumnQuery.Over();
        Action act = () => query.Read("select 'infinity'::date as d", Ct);
        act.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-2006");
    }

    [Fact]
    public void A_statement_reaches_the_given_files_and_nothing_else()
    {
        string given = folder["given.parquet"], other = folder["other.parquet"];
        ParquetFile.Write(given, new(Column.Of("x", [1.0])), Ct);
        ParquetFile.Write(other, new(Column.Of("x", [2.0])), Ct);
        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("t", given));

        query.Read("select x from t", Ct)["x"].Doubles.Should().Equal(1.0);
        string[] refused =
        [
            $"select * from read_parquet('{other}')", $"select * from '{other}'", "select * from read_text('/etc/passwd')",
            $"copy t to '{folder["stolen.csv"]}'", $"attach '{folder["a.db"]}'", "set enable_external_access = true", "select 1; select 2", "load httpfs",
        ];
        foreach (string sql in refused)
        {
            Action act = () => query.Read(sql, Ct);
            act.Should().Throw<ProblemException>(sql).Which.Problem.Code.Should().Be("STO-2002");
        }

        Directory.GetFiles(folder.Path).Should().BeEquivalentTo([given, other]);
    }

    [Fact]
    public void An_error_in_the_middle_of_a_scan_is_an_error()
    {
        using ColumnQuery query = ColumnQuery.Over();
        Action act = () => query.Read("select case when i = 90000 then error('row 90000') else i end as i from range(100000) as r(i)", Ct);
        act.Should().Throw<ProblemException>().WithMessage("*row 90000*").Which.Problem.Code.Should().Be("STO-2002");
    }

    [Fact]
    public void A_cancelled_query_stops_inside_duckdb()
    {
        using ColumnQuery query = ColumnQuery.Over();
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(100));
        Action act = () => query.Read("select sum(a.i * b.i) as s from range(3000000) as a(i), range(3000000) as b(i)", stop.Token);
        act.Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void A_csv_file_is_read_typed_or_as_the_text_that_stands_there()
    {
        File.WriteAllText(folder["a.csv"], "time,close,volume,note\n2024-03-28 13:30:00,1.50,100,a\n2024-03-28 14:30:00,,200,\"b, c\"\n");
        ColumnSet typed = CsvFile.Read(folder["a.csv"], new(), Ct);
        typed["time"].TimestampsUtcUs.Should().Equal(1_711_632_600_000_000, 1_711_636_200_000_000);
        typed["close"].Doubles.Should().Equal(1.5, double.NaN);
        typed["volume"].Longs.Should().Equal(100, 200);
        typed["note"].Texts.Should().Equal("a", "b, c");

        ColumnSet text = CsvFile.Read(folder["a.csv"], new(AllText: true), Ct);
        text.Should().OnlyContain(c => c.Type == ColumnType.Text);
        text["close"].Texts.Should().Equal("1.50", null);
    }

    [Fact]
    public void A_broken_csv_file_is_refused_with_its_line()
    {
        string lines = string.Concat(Enumerable.Range(1, 30).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},{i}\n")));
        File.WriteAllText(folder["a.csv"], "a,b\n" + lines + "1,2,3,4\n");
        Action act = () => CsvFile.Read(folder["a.csv"], new(AllText: true), Ct);
        act.Should().Throw<ProblemException>().WithMessage("*32*").Which.Problem.Code.Should().Be("STO-2002");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,,c\n1,2,3\n")]
    [InlineData("a,b,A\n1,2,3\n")]
    public void A_csv_file_without_a_name_for_each_column_is_refused(string content)
    {
        File.WriteAllText(folder["a.csv"], content);
        Action act = () => CsvFile.Read(folder["a.csv"], new(AllText: true), Ct);
        act.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-2002");
    }

    public void Dispose() => folder.Dispose();
}
