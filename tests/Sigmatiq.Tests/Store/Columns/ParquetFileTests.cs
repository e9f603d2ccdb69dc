using System.Text;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Store.Columns;

public sealed class ParquetFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Whatever_columns_are_written_the_same_come_back()
    {
        // Row counts around the sizes at which DuckDB and our own writer change buffers.
        int[] rows = [0, 1, 63, 64, 65, 2047, 2048, 2049, 5000, 122_881];
        for (int seed = 0; seed < rows.Length; seed++)
        {
            ColumnSet written = AnyColumns(Rng.From(seed), rows[seed]);
            string path = folder[$"{seed}.parquet"];
            ParquetFile.Write(path, written, Ct);
            ShouldEqual(ParquetFile.Read(path, null, Ct), written, $"seed {seed}, {rows[seed]} rows");
            ParquetFile.CountRows(path, Ct).Should().Be(rows[seed]);
        }
    }

    [Fact]
    public void Every_double_comes_back_bit_for_bit_and_nan_is_null_at_rest()
    {
        double[] values = [0.0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, double.PositiveInfinity,
            double.NegativeInfinity, 0.1, 1e-310, double.NaN];
        string path = folder["doubles.parquet"];
        ParquetFile.Write(path, new(Column.Of("x", values)), Ct);

        ParquetFile.Read(path, null, Ct)["x"].Doubles.Select(BitConverter.DoubleToInt64Bits)
            .Should().Equal(values.Select(BitConverter.DoubleToInt64Bits));
        using ColumnQuery query = ColumnQuery.Over(ColumnSource.Parquet("f", path));
        query.Read("select count(*) as n from f where x is null", Ct)["n"].Longs.Should().Equal(1);
        query.Read("select count(*) as n from f where isnan(x)", Ct)["n"].Longs.Should().Equal(0);
    }

    [Fact]
    public void The_same_columns_give_the_same_bytes()
    {
        ContentHash first = ParquetFile.Write(folder["a.parquet"], AnyColumns(Rng.From(5), 130_000), Ct);
        ContentHash second = ParquetFile.Write(folder["b.parquet"], AnyColumns(Rng.From(5), 130_000), Ct);
        second.Should().Be(first);
        File.ReadAllBytes(folder["b.parquet"]).Should().Equal(File.ReadAllBytes(folder["a.parquet"]));
        ContentHash.OfFile(folder["a.parquet"]).Should().Be(first);
    }

    [Fact]
    public void What_does_not_fit_into_memory_is_written_in_pieces_with_the_same_values_and_none_stays_behind()
    {
        // A row group has 122,880 rows: parts end before, at and after the ends of groups.
        int[][] sizes = [[1], [122_880, 1], [50_000, 50_000, 50_000, 50_000, 50_000, 7], [130_000, 0, 115_760, 3]];
        for (int seed = 0; seed < sizes.Length; seed++)
        {
            ColumnSet[] parts = [.. sizes[seed].Select((rows, i) => AnyColumns(Rng.From(seed).Fork("part", i), rows))];
            ParquetFile.WriteParts(folder[$"{seed}-whole.parquet"], parts, Ct);
            ColumnSet whole = ParquetFile.Read(folder[$"{seed}-whole.parquet"], null, Ct);
            ContentHash pieces = ParquetFile.WriteParts(folder[$"{seed}.parquet"], parts, 1, Ct);
            ShouldEqual(ParquetFile.Read(folder[$"{seed}.parquet"], null, Ct), whole, $"seed {seed}");
            ParquetFile.WriteParts(folder[$"{seed}-again.parquet"], parts, 1, Ct).Should().Be(pieces, "the same parts give the same bytes");
        }

        Directory.EnumerateFiles(folder.Path).Select(Path.GetExtension).Should().OnlyContain(e => e == ".parquet");
    }

    [Fact]
    public void A_file_is_never_overwritten_but_may_be_written_again_alike()
    {
        string path = folder["a.parquet"];
        ParquetFile.Write(path, new(Column.Of("x", [1.0])), Ct);
        byte[] before = File.ReadAllBytes(path);
        ParquetFile.Write(path, new(Column.Of("x", [1.0])), Ct);

        Action act = () => ParquetFile.Write(path, new(Column.Of("x", [2.0])), Ct);
        act.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-1001");
        File.ReadAllBytes(path).Should().Equal(before);
        Directory.GetFiles(folder.Path).Should().Equal([path], "nothing half written is left aside");
    }

    [Fact]
    public void A_hashed_name_tells_the_content()
    {
        var (path, hash) = ParquetFile.WriteHashed(folder.Path, "2024", new(Column.Of("x", [1.0])), Ct);
        Path.GetFileName(path).Should().Be($"2024-{hash.Hex[..12]}.parquet");
        ContentHash.OfFile(path).Should().Be(hash);
    }

    [Fact]
    public void Columns_are_read_by_name_in_the_order_asked_and_files_in_the_order_given()
    {
        ParquetFile.Write(folder["2.parquet"], new(Column.Of("a", new long[] { 1, 2 }), Column.Of("b", ["x", null])), Ct);
        ParquetFile.Write(folder["1.parquet"], new(Column.Of("a", new long[] { 3 }), Column.Of("b", ["z"])), Ct);

        ColumnSet read = ParquetFile.Read([folder["2.parquet"], folder["1.parquet"]], ["b", "a"], Ct);
        read.Names.Should().Equal("b", "a");
        read["a"].Longs.Should().Equal(1, 2, 3);
        read["b"].Texts.Should().Equal("x", null, "z");
    }

    [Fact]
    public void A_key_in_the_folder_name_does_not_become_a_column()
    {
        string path = folder["symbol=SPY", "2024.parquet"];
        ParquetFile.Write(path, new(Column.Of("x", [1.0])), Ct);
        ParquetFile.Describe(path, Ct).Should().Equal(new ColumnShape("x", ColumnType.Double));
    }

    [Fact]
    public void A_path_with_quotes_and_spaces_is_only_a_path()
    {
        string path = folder["it's; drop table x -- \" é", "a.parquet"];
        ParquetFile.Write(path, new(Column.Of("\"; drop", [1.0])), Ct);
        ParquetFile.Read(path, ["\"; drop"], Ct)[0].Doubles.Should().Equal(1.0);
    }

    [Fact]
    public void A_missing_file_a_damaged_file_and_a_missing_column_are_refused()
    {
        string good = folder["good.parquet"];
        ParquetFile.Write(good, new(Column.Of("x", [1.0])), Ct);
        File.WriteAllText(folder["bad.parquet"], "PAR1 nothing of the kind PAR1");

        Code(() => ParquetFile.Read(folder["none.parquet"], null, Ct)).Should().Be("STO-2001");
        Code(() => ParquetFile.Read(folder["bad.parquet"], null, Ct)).Should().Be("STO-2002");
        Code(() => ParquetFile.Read(good, ["y"], Ct)).Should().Be("STO-2003");
        Code(() => _ = ParquetFile.Read(good, null, Ct)["x"].Longs).Should().Be("STO-2004");
        Code(() => _ = ParquetFile.Read(good, null, Ct)["y"]).Should().Be("STO-2003");
        Code(() => ParquetFile.Read(folder["*.parquet"], null, Ct)).Should().Be("STO-2005");
    }

    [Fact]
    public void Files_of_other_programs_come_in_our_types()
    {
        string path = Checkout.Material("market/bars/equity/hour/SPY.parquet");
        ColumnSet bars = ParquetFile.Read(path, null, Ct);
        bars.Rows.Should().BeGreaterThan(1000);
        bars.Should().OnlyContain(c => c.Count == bars.Rows);
    }

    private static string Code(Action act) => act.Should().Throw<ProblemException>().Which.Problem.Code;

    private static ColumnSet AnyColumns(Rng rng, int rows)
    {
        T[] Make<T>(Func<T> next) => [.. Enumerable.Range(0, rows).Select(_ => next())];
        bool[]? Nulls() => rng.NextInt(3) == 0 ? null : Make(() => rng.NextInt(5) == 0);
        bool[]? longNulls = Nulls(), intNulls = Nulls(), boolNulls = Nulls(), timeNulls = Nulls(), dateNulls = Nulls();
        return new(
            Column.Of("double", Make(() => rng.NextInt(7) == 0 ? double.NaN : rng.NextGaussian())),
            Column.Of("long", Zeroed(Make(() => (long)rng.NextBits()), longNulls), longNulls),
            Column.Of("int", Zeroed(Make(() => (int)rng.NextBits()), intNulls), intNulls),
            Column.Of("bool", Zeroed(Make(() => rng.NextInt(2) == 1), boolNulls), boolNulls),
            Column.OfTimestamps("start", Zeroed(Make(() => (long)rng.NextInt(int.MaxValue) * 1_000_003), timeNulls), timeNulls),
            Column.Of("date", Zeroed(Make(() => DateOnly.FromDayNumber(rng.NextInt(3_000_000))), dateNulls), dateNulls),
            Column.Of("näme \"quoted\"", Make(() => rng.NextInt(6) == 0 ? null : AnyText(rng))));
    }

    // A missing value means nothing, so it is compared as the default.
    private static T[] Zeroed<T>(T[] values, bool[]? nulls) => nulls is null ? values : [.. values.Select((v, i) => nulls[i] ? default! : v)];

    private static string AnyText(Rng rng)
    {
        string[] parts = ["", "a", "é", "日本語", "😀", "\n", "'", "\"", "\0", "symbol", "0123456789", "ß"];
        StringBuilder text = new();
        for (int i = rng.NextInt(6); i > 0; i--)
        {
            text.Append(parts[rng.NextInt(parts.Length)]);
        }

        return text.ToString();
    }

    private static void ShouldEqual(ColumnSet read, ColumnSet written, string because)
    {
        read.Names.Should().Equal(written.Names, because);
        foreach (Column column in written)
        {
            Column other = read[column.Name];
            other.Type.Should().Be(column.Type, because);
            (other.Nulls ?? new bool[read.Rows]).AsSpan().SequenceEqual(column.Nulls ?? new bool[written.Rows]).Should().BeTrue($"{because}, nulls of {column.Name}");
            bool equal = column.Type switch
            {
                ColumnType.Double => other.Doubles.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(column.Doubles.Select(BitConverter.DoubleToInt64Bits)),
                ColumnType.Long => other.Longs.SequenceEqual(column.Longs),
                ColumnType.Int => other.Ints.SequenceEqual(column.Ints),
                ColumnType.Bool => other.Bools.SequenceEqual(column.Bools),
                ColumnType.Timestamp => other.TimestampsUtcUs.SequenceEqual(column.TimestampsUtcUs),
                ColumnType.Date => other.Dates.SequenceEqual(column.Dates),
                _ => other.Texts.SequenceEqual(column.Texts),
            };
            equal.Should().BeTrue($"{because}, values of {column.Name}");
        }
    }

    public void Dispose() => folder.Dispose();
}
