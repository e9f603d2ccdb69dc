using System.Globalization;
using System.Text;
using Sigmatiq.Market.Bars;

namespace Sigmatiq.App.Commands;

/// <summary>Writes columns beside their bars as CSV (spec 08 §8.5): <c>ts</c>, then one column per name, one row per bar.</summary>
internal static class BarsCsv
{
    /// <summary>A number in shortest round-trip form; empty where it is undefined.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Writes the file as a whole or not at all.</summary>
    /// <param name="file">The file; one of that name is replaced.</param>
    /// <param name="bars">The bars, for their times.</param>
    /// <param name="columns">Name and cell text of each column.</param>
    /// <exception cref="Store.Errors.ProblemException">APP-1006: the file cannot be written.</exception>
    public static void Write(OutFile file, BarColumns bars, params IReadOnlyList<(string Name, Func<int, string> Cell)> columns)
    {
        var text = new StringBuilder("ts");
        foreach (var (name, _) in columns)
        {
            text.Append(',').Append(name);
        }

        text.Append('\n');
        for (int t = 0; t < bars.Count; t++)
        {
            text.Append(bars.StartUtc(t).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
            foreach (var (_, cell) in columns)
            {
                text.Append(',').Append(cell(t));
            }

            text.Append('\n');
        }

        file.Write(text.ToString());
    }
}
