using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Sources;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;

namespace Sigmatiq.Workflows.Steps;

/// <summary>Which bars to bring up to date.</summary>
/// <param name="Ticker">Symbol.</param>
/// <param name="Pack">Pack as <c>id@version</c>: it says how long the bars are.</param>
/// <param name="Until">How far; <c>last_completed_session</c> as seen from the run's now.</param>
public sealed record AlignInput(string Ticker, string Pack, string Until = "last_completed_session");

/// <summary>The bars that the run is pinned to.</summary>
/// <param name="Ticker">Symbol.</param>
/// <param name="Interval">Length of a bar.</param>
/// <param name="Snapshot">Id of the snapshot, a content hash.</param>
/// <param name="Source">Where the bars come from.</param>
/// <param name="Synthetic">Whether the simulator made them.</param>
/// <param name="Bars">How many.</param>
/// <param name="FirstSession">Session of the first bar.</param>
/// <param name="LastSession">Session of the last bar that the run may use.</param>
/// <param name="AddedBars">How many came in now.</param>
/// <param name="MissingSessions">Completed sessions that the source could not give; above 0 the series is stale.</param>
/// <param name="Findings">What the quality gates flagged: rule → bars.</param>
public sealed record AlignOutput(
    string Ticker, string Interval, string Snapshot, string Source, bool Synthetic, long Bars, DateOnly FirstSession, DateOnly LastSession, int AddedBars,
    int MissingSessions, IReadOnlyDictionary<string, int> Findings);

/// <summary>Stage 1: the instrument's bars come up to the last completed session, and a snapshot pins them.</summary>
public sealed class AlignStep(PackLibrary library, MarketAlign align) : StepKind<AlignInput, AlignOutput>
{
    /// <inheritdoc/>
    public override string Name => "market.align";

    /// <inheritdoc/>
    public override bool IsReusable => true;

    /// <inheritdoc/>
    public override string Summary => "Bring a symbol's bars up to the last completed session and pin them in a snapshot";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, AlignInput input, CancellationToken ct)
    {
        Symbol symbol = Symbol.Parse(input.Ticker);
        Interval interval = library.Load(input.Pack).Policies.Engine.Interval;
        AlignedSeries series = await align.AlignAsync(symbol, interval, context.AsOfUtc, ct);
        BarSnapshot snapshot = series.Snapshot;
        TimeZoneInfo zone = interval == Interval.Day1 ? TimeZoneInfo.Utc : Instrument.Of(symbol).Calendar.Zone;
        DateOnly last = DateIn(zone, snapshot.LastStartUtc);
        if (series.IsStale)
        {
            context.Log($"{symbol} ends with {last:yyyy-MM-dd}; {series.MissingSessions} later sessions are missing and its source has no feed");
        }

        // The store may know later bars than the run's now: the run must not.
        return Done(new AlignOutput(
            symbol.Value, interval.Text(), snapshot.Id.Hex, snapshot.Source, snapshot.IsSynthetic, snapshot.Bars, DateIn(zone, snapshot.FirstStartUtc),
            last < series.Until ? last : series.Until, series.AddedBars, series.MissingSessions, snapshot.Findings));
    }

    private static DateOnly DateIn(TimeZoneInfo zone, DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
}
