using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Quality;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Market.Sources;

/// <summary>How a series stands after it was aligned.</summary>
/// <param name="Snapshot">Its newest state.</param>
/// <param name="Until">The last completed session, to which it should reach.</param>
/// <param name="AddedBars">Bars that came in now.</param>
/// <param name="MissingSessions">Completed sessions after its last bar that its source could not give; 0 = current.</param>
public sealed record AlignedSeries(BarSnapshot Snapshot, DateOnly Until, int AddedBars, int MissingSessions)
{
    /// <summary>Whether the bars end before the last completed session.</summary>
    public bool IsStale => MissingSessions > 0;
}

/// <summary>Brings series current to the last completed session (04 §4.1, stage 1).</summary>
public sealed class MarketAlign(BarStore store, IReadOnlyList<IMarketDataSource> sources)
{
    /// <summary>Fills a series up to the last session that had closed at an instant. Doing it again changes nothing.</summary>
    /// <remarks>A series without a feed that is missing at this interval is made of a stored shorter one. A source of a new version gives
    /// the whole series anew, since its old bars would no longer come out of it.</remarks>
    /// <param name="symbol">Ticker.</param>
    /// <param name="interval">Length of the bars.</param>
    /// <param name="asOfUtc">Now, or the instant whose state is wanted.</param>
    /// <param name="ct">Stops before anything is written.</param>
    /// <exception cref="ProblemException">MKT-4001, exit 4: no bars in the store and no feed. MKT-3001, MKT-3002: no such synthetic
    /// symbol or interval. STO-3001 … STO-3004, exit 4: stored bars are damaged.</exception>
    public async Task<AlignedSeries> AlignAsync(Symbol symbol, Interval interval, DateTimeOffset asOfUtc, CancellationToken ct)
    {
        ISessionCalendar calendar = Instrument.Of(symbol).Calendar;
        DateOnly until = calendar.LastCompletedSession(asOfUtc).Date;
        IMarketDataSource source = sources.First(s => s.Covers(symbol));
        BarSnapshot? known = await store.LatestAsync(symbol, interval, ct);
        BarSnapshot? kept = known is not null && known.Source == source.Origin.Name && known.SourceVersion != source.Origin.Version ? null : known;

        DateOnly? last = kept is null ? null : LastDate(kept, calendar);
        if (last < until || last is null)
        {
            BarColumns? fetched = await source.FetchAsync(symbol, interval, last?.AddDays(1), until, ct);
            if (fetched is { Count: > 0 })
            {
                return await TakeAsync(fetched, kept, known, source.Origin, until, calendar, ct);
            }

            if ((known is null || known.Source == "resample") && await FromShorterAsync(symbol, interval, calendar, ct) is { } made)
            {
                return await TakeAsync(made, null, known, new("resample", "resample-1"), until, calendar, ct);
            }
        }

        return kept is null ? throw BarStore.Missing(symbol, interval) : new(kept, until, 0, MissingAfter(kept, until, calendar));
    }

    private async Task<AlignedSeries> TakeAsync(
        BarColumns fetched, BarSnapshot? kept, BarSnapshot? known, BarOrigin origin, DateOnly until, ISessionCalendar calendar, CancellationToken ct)
    {
        BarMerge merged = BarMerge.Of(kept is null ? null : store.Read(kept.Id, ct), fetched);
        QualityReport report = QualityGates.Check(merged.Bars, calendar);
        BarColumns accepted = report.Accept([], t => $"{origin.Name} bar {t}");
        BarSnapshot snapshot = (await store.PutAsync([new(accepted, origin, known) { Findings = report.Counts }], ct))[0];
        int before = (int)(known?.Bars ?? 0);
        return new(snapshot, until, snapshot.Id == known?.Id ? 0 : kept is null && known is not null ? fetched.Count : accepted.Count - before, MissingAfter(snapshot, until, calendar));
    }

    private async Task<BarColumns?> FromShorterAsync(Symbol symbol, Interval interval, ISessionCalendar calendar, CancellationToken ct)
    {
        foreach (Interval shorter in Enum.GetValues<Interval>().Where(i => i.Minutes() < interval.Minutes()).OrderByDescending(i => i.Minutes()))
        {
            if (await store.LatestAsync(symbol, shorter, ct) is { } stored && Resample.To(store.Read(stored.Id, ct), interval, calendar) is { Count: > 0 } made)
            {
                return made;
            }
        }

        return null;
    }

    private static DateOnly LastDate(BarSnapshot snapshot, ISessionCalendar calendar) => SessionDates.DateOf(
        SessionDates.MicrosecondsOf(snapshot.LastStartUtc), snapshot.Interval == Interval.Day1 ? TimeZoneInfo.Utc : calendar.Zone);

    private static int MissingAfter(BarSnapshot snapshot, DateOnly until, ISessionCalendar calendar) =>
        calendar.Sessions(LastDate(snapshot, calendar).AddDays(1), until).Count;
}
