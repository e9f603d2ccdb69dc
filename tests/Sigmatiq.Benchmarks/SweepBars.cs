using System.Globalization;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Import;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Benchmarks;

/// <summary>Bars of the workload as its definition reads them: Parquet with <c>ts</c> as a time, CSV with <c>ts</c> in epoch seconds; prices as
/// stored, no gap filled, other columns ignored.</summary>
internal static class SweepBars
{
    private static readonly string[] Prices = ["open", "high", "low", "close"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="UsageException">No such file, or it does not hold such bars.</exception>
    public static BarColumns Read(string file)
    {
        if (!File.Exists(file))
        {
            throw new UsageException($"There is no file '{file}'.");
        }

        return Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".parquet" => OfParquet(file),
            ".csv" => OfCsv(file),
            var other => throw new UsageException($"Bars come as .parquet or .csv, not '{other}'."),
        };
    }

    private static BarColumns OfParquet(string file)
    {
        string[] there = [.. ParquetFile.Describe(file, CancellationToken.None).Select(c => c.Name)];
        string[] wanted = ["ts", .. Prices, .. there.Contains("volume") ? ["volume"] : Array.Empty<string>()];
        ColumnSet set = ParquetFile.Read(file, wanted, CancellationToken.None);
        Column ts = set["ts"];
        long[] start = ts.Type switch
        {
            ColumnType.Timestamp => ts.TimestampsUtcUs,
            ColumnType.Long => [.. ts.Longs.Select(s => s * 1_000_000)],
            _ => throw new UsageException($"Column ts of '{file}' is of type {ts.Type}; a time or epoch seconds are needed."),
        };
        double[] Numbers(string name) => set[name].Type switch
        {
            ColumnType.Double => set[name].Doubles,
            ColumnType.Long => [.. set[name].Longs.Select(v => (double)v)],
            var type => throw new UsageException($"Column {name} of '{file}' is of type {type}, not a number."),
        };
        return Checked(file, start, [.. Prices.Select(Numbers)], there.Contains("volume") ? Numbers("volume") : new double[set.Rows]);
    }

    private static BarColumns OfCsv(string file)
    {
        using StreamReader text = File.OpenText(file);
        int[]? at = null;
        List<long> start = [];
        List<double>[] columns = [.. Enumerable.Range(0, 5).Select(_ => new List<double>())];
        foreach (var (line, fields) in CsvRows.Read(text))
        {
            if (at is null)
            {
                at = [.. new[] { "ts", "open", "high", "low", "close", "volume" }.Select(name => fields.IndexOf(name))];
                if (Array.IndexOf(at, -1, 0, 5) is >= 0)
                {
                    throw new UsageException($"The first line of '{file}' does not name the columns ts, open, high, low and close.");
                }

                continue;
            }

            string Field(int column) => at[column] < fields.Count ? fields[at[column]] : "";
            start.Add(long.TryParse(Field(0), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds)
                ? seconds * 1_000_000
                : throw new UsageException($"Line {line} of '{file}': ts is '{Field(0)}', not whole epoch seconds."));
            for (int c = 0; c < 5; c++)
            {
                // Volume plays no part in the workload, so an unknown one does no harm.
                bool known = double.TryParse(at[c + 1] < 0 ? "" : Field(c + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
                columns[c].Add(known ? value : double.NaN);
            }
        }

        return Checked(file, [.. start], [.. columns.Take(4).Select(c => c.ToArray())], [.. columns[4]]);
    }

    private static BarColumns Checked(string file, long[] start, double[][] prices, double[] volume)
    {
        if (start.Length == 0)
        {
            throw new UsageException($"'{file}' holds no bars.");
        }

        for (int t = 0; t < start.Length; t++)
        {
            if (t > 0 && start[t] <= start[t - 1])
            {
                throw new UsageException($"Bar {t} of '{file}' does not start after the one before it; bars come oldest first, each once.");
            }

            if (Array.FindIndex(prices, p => !(p[t] > 0 && double.IsFinite(p[t]))) is >= 0 and var bad)
            {
                throw new UsageException($"Bar {t} of '{file}': {Prices[bad]} is {prices[bad][t].ToString(CultureInfo.InvariantCulture)}, not a price.");
            }
        }

        // The hour of a bar comes from its start, so the length only has to be one within a day.
        long usual = start.Length < 2 ? 0 : start.Zip(start.Skip(1)).Select(pair => pair.Second - pair.First).CountBy(d => d).MaxBy(d => d.Value).Key;
        Interval interval = usual switch { 60_000_000 => Interval.Minute1, 300_000_000 => Interval.Minute5, _ => Interval.Hour1 };
        return new(Symbol.Parse("BENCH"), interval, start, prices[0], prices[1], prices[2], prices[3], volume);
    }
}
