using System.Globalization;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import.Lean;

/// <summary>Adjustment factors of one symbol as the Lean engine stores them: lines <c>yyyyMMdd,price_factor,split_factor[,reference]</c>,
/// each valid up to and with its date, the last one far in the future.</summary>
/// <remarks>adjusted price = price × price factor × split factor. Volumes stay as traded.</remarks>
public sealed class LeanFactors
{
    private readonly DateOnly[] until;
    private readonly double[] factor;

    private LeanFactors(DateOnly[] until, double[] factor)
    {
        this.until = until;
        this.factor = factor;
    }

    /// <summary>Reads a file of factors.</summary>
    /// <exception cref="ProblemException">MKT-2001: no such file. MKT-2054: a line that is not factors, or dates out of order.</exception>
    public static LeanFactors Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ProblemException("MKT-2001", $"'{path}' is a folder; factors are a file for each symbol.", path, "Name the file, e.g. factor_files/spy.csv.", ExitCode.BadUsage);
        }

        if (!File.Exists(path))
        {
            throw new ProblemException("MKT-2001", $"There is no file '{path}'.", path, "Check the path.", ExitCode.BadUsage);
        }

        List<DateOnly> dates = [];
        List<double> factors = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            string[] fields = line.Split(',');
            if (fields.Length is < 3 or > 4 || !DateOnly.TryParseExact(fields[0], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)
                || !NumberText.TryRead(fields[1], out double price) || !NumberText.TryRead(fields[2], out double split) || !(price > 0) || !(split > 0)
                || (dates.Count > 0 && date <= dates[^1]))
            {
                throw new ProblemException(
                    "MKT-2054", $"'{line}' is not a line of factors.", $"{Path.GetFileName(path)} line {number}",
                    "Write yyyyMMdd,price_factor,split_factor[,reference] with positive factors and rising dates.", ExitCode.BadUsage);
            }

            dates.Add(date);
            factors.Add(price * split);
        }

        return dates.Count > 0
            ? new([.. dates], [.. factors])
            : throw new ProblemException("MKT-2054", "The file has no factors.", path, "Check that it is the right file.", ExitCode.BadUsage);
    }

    /// <summary>The factor of a session, NaN after the last date of the file.</summary>
    public double On(DateOnly session)
    {
        int at = Array.BinarySearch(until, session);
        at = at < 0 ? ~at : at;
        return at < factor.Length ? factor[at] : double.NaN;
    }

    /// <summary>The bars with the factors of their sessions, in the order they have.</summary>
    /// <exception cref="ProblemException">MKT-2054: the factors end before the bars.</exception>
    public BarColumns AddTo(BarColumns bars, TimeZoneInfo exchange)
    {
        double[] factors = new double[bars.Count];
        for (int t = 0; t < factors.Length; t++)
        {
            DateOnly date = SessionDates.DateOf(bars.StartUtcUs[t], bars.Interval == Interval.Day1 ? TimeZoneInfo.Utc : exchange);
            factors[t] = On(date);
            if (double.IsNaN(factors[t]))
            {
                throw new ProblemException(
                    "MKT-2054", $"The factors end on {until[^1]:yyyy-MM-dd}, the bars go on to {date:yyyy-MM-dd}.", bars.Symbol.Value, "Use a factor file as new as the bars.", ExitCode.BadUsage);
            }
        }

        return new(bars.Symbol, bars.Interval, bars.StartUtcUs, bars.Open, bars.High, bars.Low, bars.Close, bars.Volume, factors);
    }
}
