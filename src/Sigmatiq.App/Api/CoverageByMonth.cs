using System.Collections.Concurrent;
using System.Globalization;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Quality;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>Coverage of every series by month. A snapshot never changes, so each is counted once.</summary>
/// <param name="bars">The bars.</param>
internal sealed class CoverageByMonth(BarStore bars)
{
    private const int KeptMax = 2_000;
    private readonly ConcurrentDictionary<ContentHash, SeriesCoverage> counted = new();

    /// <summary>All series, by symbol and interval.</summary>
    public async Task<IReadOnlyList<SeriesCoverage>> AllAsync(CancellationToken ct)
    {
        List<SeriesCoverage> all = [];
        foreach (BarSnapshot snapshot in await bars.ListAsync(ct))
        {
            if (!counted.TryGetValue(snapshot.Id, out SeriesCoverage? known))
            {
                known = Count(snapshot, ct);
                if (counted.Count < KeptMax && known.Problem is null)
                {
                    counted[snapshot.Id] = known;
                }
            }

            all.Add(known);
        }

        return all;
    }

    private SeriesCoverage Count(BarSnapshot snapshot, CancellationToken ct)
    {
        CheckedMarket market = CheckedMarket.Of(snapshot.Symbol);
        SeriesCoverage none = new(snapshot.Symbol.Value, snapshot.Interval.Text(), snapshot.Id.Hex, market.Calendar?.Id, [], [], [], [], null);
        try
        {
            ColumnSet days = BarCoverage.Of(bars.Read(snapshot.Id, ct), market.Calendar);
            Column dates = days["date"], there = days["bars"], expected = days["expected"], missing = days["missing"];
            SortedDictionary<string, (int Bars, int Expected, int Missing)> months = new(StringComparer.Ordinal);
            for (int i = 0; i < days.Rows; i++)
            {
                string month = dates.Dates[i].ToString("yyyy-MM", CultureInfo.InvariantCulture);
                var sum = months.GetValueOrDefault(month);
                months[month] = (sum.Bars + there.Ints[i], sum.Expected + (expected.IsNull(i) ? 0 : expected.Ints[i]), sum.Missing + missing.Ints[i]);
            }

            return none with
            {
                Months = [.. months.Keys], Bars = [.. months.Values.Select(m => m.Bars)],
                Expected = [.. months.Values.Select(m => market.Calendar is null ? (int?)null : m.Expected)], Missing = [.. months.Values.Select(m => m.Missing)],
            };
        }
        catch (ProblemException e)
        {
            // One damaged series hides none of the others.
            return none with { Problem = Answers.LineOf(e.Problem) };
        }
    }
}
