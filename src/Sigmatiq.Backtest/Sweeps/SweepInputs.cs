using Sigmatiq.Backtest.Fills;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>The bars of a sweep as its model trades them, ending with the hold-out, and which of them the sweep may see.</summary>
/// <param name="Bars">Bars from the first stored one, as warm-up, to the last of the hold-out.</param>
/// <param name="Window">Selection window and hold-out, as indices into <paramref name="Bars"/>.</param>
public sealed record SweepInputs(ModelBars Bars, SweepWindow Window)
{
    /// <summary>Cuts the window and prepares the bars.</summary>
    /// <exception cref="ProblemException">SWS-2001: not enough data. SWS-2002: more than 5 % of the expected bars are missing. SWS-2003: an
    /// hour filter on daily bars.</exception>
    public static SweepInputs Prepare(SweepWork work)
    {
        SweepRequest request = work.Plan.Request;
        SweepInputs inputs = Prepare(
            work.Plan.Pack, work.Plan.Model, work.Bars, work.Calendar, request.From, request.To, HoldoutRule.Of(request.HoldoutShare), work.LastSession);
        if (work.Bars.Interval == Interval.Day1 && work.Plan.Grid.Axes.FirstOrDefault(a => a.Key == "allowed_hours") is { } axis
            && axis.Values.Any(v => v.Hours != work.Plan.SessionHours))
        {
            throw new ProblemException("SWS-2003", $"An hour filter needs intraday bars; those of {work.Bars.Symbol} are daily.", "parameters.allowed_hours",
                "Use all_day only, or bring in intraday bars.", ExitCode.BadUsage);
        }

        return inputs;
    }

    /// <summary>The inputs of a stored sweep again, to the bar: what training and evidence on one of its combos read.</summary>
    /// <param name="stored">The sweep.</param>
    /// <param name="pack">Its pack.</param>
    /// <param name="model">Its model.</param>
    /// <param name="bars">The bars of its data snapshot.</param>
    /// <param name="calendar">Sessions of the exchange.</param>
    /// <exception cref="ProblemException">SWS-3004: pack or bars are not those of the sweep.</exception>
    public static SweepInputs Rebuild(StoredSweep stored, Pack pack, ModelConfig model, BarColumns bars, ISessionCalendar calendar)
    {
        if (pack.Hash.Hex != stored.PackHash)
        {
            throw Foreign(stored, $"pack {pack.Reference} has the hash {pack.Hash.Short}, the sweep ran {stored.PackHash[..12]}");
        }

        SweepRequest request = stored.Request;
        SweepInputs inputs = Prepare(pack, model, bars, calendar, request.From, request.To, HoldoutRule.Of(request.HoldoutShare), stored.LastSession);
        SweepSpan span = SweepSpan.Of(inputs);
        return span == stored.Span ? inputs : throw Foreign(stored, $"the bars give the window {span}, the sweep had {stored.Span}");
    }

    private static SweepInputs Prepare(
        Pack pack, ModelConfig model, BarColumns bars, ISessionCalendar calendar, DateOnly? from, DateOnly? to, HoldoutRule holdout, DateOnly? lastSession)
    {
        FillBars all = FillBars.From(bars, calendar.Zone, PriceKind.Raw);
        if (lastSession is { } last)
        {
            int days = all.Days;
            while (days > 0 && all.DateOfDay(days - 1) > last)
            {
                days--;
            }

            if (days < all.Days)
            {
                bars = bars.Slice(0, days == 0 ? 0 : all.LastBarOfDay[days - 1] + 1);
                all = FillBars.From(bars, calendar.Zone, PriceKind.Raw);
            }
        }

        SweepWindow window = SweepWindow.Cut(all, from, to, holdout);
        (window with { To = window.HoldoutTo }).RefuseGaps(all, bars.Interval, calendar);
        return new(new ModelBars(pack, model, window.HoldoutTo == bars.Count ? bars : bars.Slice(0, window.HoldoutTo), calendar), window);
    }

    private static ProblemException Foreign(StoredSweep stored, string what) => new(
        "SWS-3004", $"These are not the inputs of {stored.SweepId}: {what}.", stored.SweepId, "Use the pack version and the data snapshot that the sweep names.");
}

/// <summary>Selection window and hold-out as bar starts, microseconds since 1970 UTC.</summary>
/// <param name="FirstUtcUs">First bar of the selection window.</param>
/// <param name="LastUtcUs">Its last bar.</param>
/// <param name="HoldoutFirstUtcUs">First bar of the hold-out, or null without one.</param>
/// <param name="HoldoutLastUtcUs">Its last bar.</param>
public sealed record SweepSpan(long FirstUtcUs, long LastUtcUs, long? HoldoutFirstUtcUs, long? HoldoutLastUtcUs)
{
    /// <summary>The span of some inputs.</summary>
    public static SweepSpan Of(SweepInputs inputs)
    {
        long[] start = inputs.Bars.Bars.StartUtcUs;
        SweepWindow window = inputs.Window;
        return new(
            start[window.From], start[window.To - 1], window.HasHoldout ? start[window.HoldoutFrom] : null, window.HasHoldout ? start[window.HoldoutTo - 1] : null);
    }
}
