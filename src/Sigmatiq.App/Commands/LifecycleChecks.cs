using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary>What of a lifecycle run can be refused before there is one: a slip of the pen should leave neither a failed run nor a market
/// that was made for nothing.</summary>
internal static class LifecycleChecks
{
    /// <summary>Refuses a ticker that has no bars and dates between which nothing lies.</summary>
    /// <param name="bars">Bars of the store.</param>
    /// <param name="symbol">Whose bars the run would use.</param>
    /// <param name="interval">How long its pack wants them.</param>
    /// <param name="given">The run's parameters; dates that cannot be read are left to the workflow to refuse.</param>
    /// <param name="nowUtc">The run's now.</param>
    /// <param name="ct">Cancels the look into the store.</param>
    /// <exception cref="ProblemException">APP-1015: the first date lies after the last. APP-1016: the first date lies after the last
    /// completed session. MKT-3001: no such synthetic symbol. MKT-4001, exit 4: no bars of that symbol.</exception>
    public static async Task RunAsync(BarStore bars, Symbol symbol, Interval interval, JsonObject given, DateTimeOffset nowUtc, CancellationToken ct)
    {
        CheckDates(DateOf(given, "from"), DateOf(given, "to"), Instrument.Of(symbol).Calendar, nowUtc);
        if (symbol.IsSynthetic)
        {
            MarketSimulator.Default.Require(symbol);
            return;
        }

        // Longer bars are made of stored shorter ones.
        foreach (Interval stored in Enum.GetValues<Interval>().Where(i => i.Minutes() <= interval.Minutes()))
        {
            if (await bars.LatestAsync(symbol, stored, ct) is not null)
            {
                return;
            }
        }

        await bars.RequireAsync(symbol, interval, ct);
    }

    private static void CheckDates(DateOnly? from, DateOnly? to, ISessionCalendar calendar, DateTimeOffset nowUtc)
    {
        if (from is not { } first)
        {
            return;
        }

        if (to is { } last && first > last)
        {
            throw new ProblemException("APP-1015", $"The first session {Text(first)} lies after the last, {Text(last)}.", "--from",
                "Exchange the two dates, or leave one out.", ExitCode.BadUsage);
        }

        DateOnly completed = calendar.LastCompletedSession(nowUtc).Date;
        if (first > completed)
        {
            throw new ProblemException("APP-1016", $"The first session {Text(first)} lies after the last completed one, {Text(completed)}.", "--from",
                "Name an earlier date, or leave it out for all stored bars.", ExitCode.BadUsage);
        }
    }

    private static DateOnly? DateOf(JsonObject given, string name) =>
        DateOnly.TryParseExact(given[name]?.GetValue<string>(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : null;

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
