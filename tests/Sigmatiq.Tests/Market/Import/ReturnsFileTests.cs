using Sigmatiq.Market.Import;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.Market.Import;

public sealed class ReturnsFileTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Columns_are_found_in_any_case_and_order_and_others_ignored()
    {
        PublishedReturns read = Read("comment;Returns;TimeStamp\nx;0.5;2024-01-02\ny;-1;2024-01-03\n");
        read.Returns.Should().Equal(0.5, -1);
        read.Dates.Should().Equal(new DateOnly(2024, 1, 2), new DateOnly(2024, 1, 3));
        (read.Benchmark, read.LeftOut).Should().Be((null, 0));
    }

    [Fact]
    public void Instants_fall_on_the_date_of_the_zone_and_dates_are_what_they_say()
    {
        TimeZoneInfo newYork = BarFileOptions.ParseZone("America/New_York");
        Read("ts,return\n2024-01-03T01:00:00Z,0.1\n1704330000,0.1\n2024-01-04T20:00:00,0.1\n", newYork).Dates
            .Should().Equal(new DateOnly(2024, 1, 2), new DateOnly(2024, 1, 3), new DateOnly(2024, 1, 4));
        Read("ts,return\n2024-01-03,0.1\n", newYork).Dates.Should().Equal(new DateOnly(2024, 1, 3));
        Read("ts,return\n2024-01-03T01:00:00Z,0.1\n").Dates.Should().Equal(new DateOnly(2024, 1, 3));
    }

    [Fact]
    public void Rows_without_a_return_are_left_out_and_a_missing_benchmark_is_nan()
    {
        PublishedReturns read = Read("ts,return,benchmark\n2024-01-02,,0.1\n2024-01-03,0.2,\n2024-01-04,NaN,0.1\n2024-01-05,0.3,0.4\n");
        read.Returns.Should().Equal(0.2, 0.3);
        read.Benchmark.Should().Equal(double.NaN, 0.4);
        read.LeftOut.Should().Be(2);
    }

    [Fact]
    public void A_header_alone_is_an_empty_series() => Read("ts,return,benchmark\n").Should().BeEquivalentTo(new PublishedReturns([], [], [], 0));

    [Fact]
    public void Parquet_is_read_by_the_types_of_its_columns()
    {
        using var folder = new TemporaryFolder();
        ParquetFile.Write(
            folder["r.parquet"],
            new(Column.OfTimestamps("Time", [1_704_157_200_000_000, 1_704_243_600_000_000]), Column.Of("return", new[] { double.NaN, 0.25 }), Column.Of("BENCHMARK", new[] { 0.1, 0.2 })), Token);
        PublishedReturns read = ReturnsFile.Read(folder["r.parquet"], TimeZoneInfo.Utc, Token);
        read.Should().BeEquivalentTo(new PublishedReturns([new(2024, 1, 3)], [0.25], [0.2], 1));
    }

    [Theory]
    [InlineData("MKT-2003", "r.csv", "")]
    [InlineData("MKT-2003", "r.csv", "ts,profit\n2024-01-02,1\n")]
    [InlineData("MKT-2003", "r.csv", "return\n0.1\n")]
    [InlineData("MKT-2004", "r.csv", "ts,return,Returns\n2024-01-02,1,1\n")]
    [InlineData("MKT-2004", "r.csv", "ts,date,return\n2024-01-02,2024-01-02,1\n")]
    [InlineData("MKT-2005", "r.csv row 2", "ts,return\n2024-01-02,1%\n")]
    [InlineData("MKT-2005", "r.csv row 2", "ts,return\n2024-01-02,inf\n")]
    [InlineData("MKT-2005", "r.csv row 3", "ts,return,benchmark\n2024-01-02,0.1,0.1\n2024-01-03,0.1,x\n")]
    [InlineData("MKT-2006", "r.csv row 2", "ts,return\nyesterday,0.1\n")]
    [InlineData("MKT-2013", "r.csv row 3", "ts,return\n2024-01-02,0.1\n2024-01-03,0.1,0.2\n")]
    [InlineData("MKT-2105", "r.csv row 3", "ts,return\n2024-01-02,0.1\n2024-01-02T00:00:00Z,0.1\n")]
    [InlineData("MKT-2106", "r.csv row 3", "ts,return\n2024-01-03,0.1\n2024-01-02,0.1\n")]
    [InlineData("MKT-2108", "r.csv row 3", "ts,return\n2024-01-02,-1\n2024-01-03,-1.01\n")]
    [InlineData("MKT-2108", "r.csv row 2", "ts,return,benchmark\n2024-01-02,,-5\n")]
    public void A_broken_file_is_refused_with_its_place(string code, string place, string text)
    {
        Problem problem = Refusal(() => Read(text));
        (problem.Code, problem.Exit).Should().Be((code, code[4] == '2' && code[5] == '1' ? ExitCode.DataRefused : ExitCode.BadUsage));
        problem.Where.Should().EndWith(place);
        problem.Remedy.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void What_is_no_file_of_returns_is_refused()
    {
        using var folder = new TemporaryFolder();
        Refusal(() => ReturnsFile.Read(folder["none.csv"], TimeZoneInfo.Utc, Token)).Code.Should().Be("MKT-2001");
        File.WriteAllText(folder["r.xlsx"], "ts,return\n");
        Refusal(() => ReturnsFile.Read(folder["r.xlsx"], TimeZoneInfo.Utc, Token)).Code.Should().Be("MKT-2002");
        File.WriteAllText(folder["r.parquet"], "ts,return\n");
        Refusal(() => ReturnsFile.Read(folder["r.parquet"], TimeZoneInfo.Utc, Token)).Code.Should().Be("MKT-2002");
        File.WriteAllBytes(folder["r.csv"], [.. "ts,return\n2024-01-02,"u8, 0xFF, 0xFE]);
        Refusal(() => ReturnsFile.Read(folder["r.csv"], TimeZoneInfo.Utc, Token)).Code.Should().Be("MKT-2002");
        ParquetFile.Write(folder["i.parquet"], new(Column.OfTimestamps("ts", [1_704_157_200_000_000]), Column.Of("return", new[] { double.PositiveInfinity })), Token);
        Refusal(() => ReturnsFile.Read(folder["i.parquet"], TimeZoneInfo.Utc, Token)).Code.Should().Be("MKT-2005");
        ParquetFile.Write(folder["t.parquet"], new(Column.OfTimestamps("ts", [1_704_157_200_000_000]), Column.Of("return", new[] { "0.1" })), Token);
        Refusal(() => ReturnsFile.Read(folder["t.parquet"], TimeZoneInfo.Utc, Token)).Code.Should().Be("MKT-2005");
    }

    private static PublishedReturns Read(string text, TimeZoneInfo? zone = null)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["r.csv"], text);
        return ReturnsFile.Read(folder["r.csv"], zone ?? TimeZoneInfo.Utc, Token);
    }

    private static Problem Refusal(Func<PublishedReturns> read) => read.Should().Throw<ProblemException>().Which.Problem;
}
