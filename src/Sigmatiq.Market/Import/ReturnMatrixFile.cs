using System.Text;
using Sigmatiq.Market.Quality;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Import;

/// <summary>Returns of several strategies over the same times.</summary>
/// <param name="Names">The strategies, as the header names them.</param>
/// <param name="Returns">Their returns as fractions, oldest first, shape [strategies][times].</param>
public sealed record ReturnMatrix(IReadOnlyList<string> Names, IReadOnlyList<double[]> Returns)
{
    /// <summary>Number of returns of each.</summary>
    public int Times => Returns.Count == 0 ? 0 : Returns[0].Length;
}

/// <summary>Reads a CSV of returns with one column a strategy (spec 08 §8.10), a column of times before or among them or none. Every cell
/// must hold a return: strategies are compared on the same times or not at all.</summary>
public static class ReturnMatrixFile
{
    /// <summary>Rows below which nothing can be said of a strategy.</summary>
    public const int TimesMin = 2;

    private const int ProblemsMax = 10;

    /// <summary>The matrix of a file.</summary>
    /// <exception cref="ProblemException">MKT-2001, MKT-2002: the file. MKT-2003, MKT-2004: its header. MKT-2005: a cell without a number. MKT-2006,
    /// MKT-2105, MKT-2106: its times. MKT-2013: a row with more or fewer cells than the header. MKT-2071: too few rows. MKT-2108: a return
    /// below -1.</exception>
    public static ReturnMatrix Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new ProblemException("MKT-2001", $"There is no file '{path}'.", path, "Check the path.", ExitCode.BadUsage);
        }

        try
        {
            using var text = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return Read(path, text);
        }
        catch (DecoderFallbackException e)
        {
            throw new ProblemException(new Problem("MKT-2002", "The file is not text in UTF-8.", path, "Write it as CSV in UTF-8.", ExitCode.BadUsage), e);
        }
    }

    private static ReturnMatrix Read(string path, TextReader text)
    {
        string[]? header = null;
        int time = -1;
        List<double>[] columns = [];
        List<Problem> problems = [];
        long before = long.MinValue;
        foreach ((int line, List<string> fields) in CsvRows.Read(text))
        {
            string place = $"{Path.GetFileName(path)} row {line}";
            if (header is null)
            {
                (header, time) = HeaderOf(path, fields);
                columns = [.. header.Select(_ => new List<double>())];
            }
            else if (fields.Count != header.Length)
            {
                problems.Add(new("MKT-2013", $"The row has {fields.Count} fields, the header {header.Length}.", place, "Correct the row; a quote may be left open.", ExitCode.BadUsage));
            }
            else
            {
                Take(fields, header, time, place, columns, ref before, problems);
            }

            if (problems.Count >= ProblemsMax)
            {
                break;
            }
        }

        header ??= HeaderOf(path, []).Header;
        if (problems.Count > 0)
        {
            throw new ProblemException(problems);
        }

        int[] strategies = [.. Enumerable.Range(0, header.Length).Where(i => i != time)];
        int times = columns[strategies[0]].Count;
        return times >= TimesMin
            ? new([.. strategies.Select(i => header[i])], [.. strategies.Select(i => columns[i].ToArray())])
            : throw new ProblemException(
                "MKT-2071", $"The file has {times} rows of returns.", path, $"Give at least {TimesMin}; nothing can be said of fewer.", ExitCode.DataRefused);
    }

    private static (string[] Header, int Time) HeaderOf(string path, List<string> fields)
    {
        string[] header = [.. fields.Select(f => f.Trim())];
        int time = Array.FindIndex(header, h => BarFields.TimeNames.Contains(h, StringComparer.OrdinalIgnoreCase));

        // Tables are often written with their row labels under a heading of nothing.
        time = time < 0 && header.Length > 0 && header[0].Length == 0 ? 0 : time;
        if (header.Length == 0 || header.Length == (time < 0 ? 0 : 1))
        {
            throw new ProblemException(
                "MKT-2003", header.Length == 0 ? "The file is empty." : "The file has no column of a strategy.", path,
                "Begin with a header of one name a strategy, with a column ts or without.", ExitCode.BadUsage);
        }

        string[] names = [.. header.Where((_, i) => i != time)];
        if (Array.Exists(names, n => n.Length == 0) || header.Distinct(StringComparer.Ordinal).Count() < header.Length)
        {
            string name = names.FirstOrDefault(n => n.Length == 0) ?? header.GroupBy(h => h, StringComparer.Ordinal).First(g => g.Count() > 1).Key;
            throw new ProblemException(
                "MKT-2004", name.Length == 0 ? "A column has no name." : $"Two columns are called '{name}'.", path, "Give each strategy a name of its own.", ExitCode.BadUsage);
        }

        if (Array.TrueForAll(header, h => NumberText.TryRead(h, out _)) && Array.Exists(header, h => h.Contains('.', StringComparison.Ordinal)))
        {
            throw new ProblemException("MKT-2003", "The file has no header: its first row holds numbers.", path, "Begin with a header of one name a strategy.", ExitCode.BadUsage);
        }

        return (header, time);
    }

    private static void Take(List<string> fields, string[] header, int time, string place, List<double>[] columns, ref long before, List<Problem> problems)
    {
        for (int i = 0; i < fields.Count && problems.Count < ProblemsMax; i++)
        {
            if (i == time)
            {
                if (TimeText.Read(fields[i], TimeZoneInfo.Utc, before, out (long UtcUs, bool IsDate) at) is { } reason)
                {
                    problems.Add(new("MKT-2006", $"The time '{fields[i]}' {reason}.", place, "Write times as ISO 8601.", ExitCode.BadUsage));
                }
                else if (at.UtcUs <= before)
                {
                    (string code, string message, string remedy) = at.UtcUs == before
                        ? (QualityRule.DuplicateTime.Code, "The row before has the same time.", "Keep one row per time.")
                        : (QualityRule.UnorderedTime.Code, "The row is earlier than the one before it.", "Sort the file by time, oldest first.");
                    problems.Add(new(code, message, place, remedy, ExitCode.DataRefused));
                }

                before = Math.Max(before, at.UtcUs);
            }
            else if (!NumberText.TryRead(fields[i], out double value) || double.IsNaN(value))
            {
                problems.Add(new("MKT-2005", $"The return '{fields[i].Trim()}' of {header[i]} is not a number.", place, "Give every strategy a return on every row, as a fraction: 0.0125 for 1.25 percent.", ExitCode.BadUsage));
            }
            else if (value < -1)
            {
                problems.Add(new(
                    "MKT-2108", FormattableString.Invariant($"A return of {value} loses more than there is."), $"{place}, {header[i]}",
                    "Write returns as fractions: -0.05 for a loss of five percent.", ExitCode.DataRefused));
            }
            else
            {
                columns[i].Add(value);
            }
        }
    }
}
