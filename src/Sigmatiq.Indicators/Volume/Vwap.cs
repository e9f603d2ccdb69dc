using Sigmatiq.Indicators.Average;
using Sigmatiq.Indicators.Catalog;

namespace Sigmatiq.Indicators.Volume;

/// <summary>From where on prices and volumes are added up.</summary>
public enum VwapAnchor
{
    /// <summary>From the first bar on.</summary>
    Start,

    /// <summary>From the first bar of the running session on.</summary>
    Session,

    /// <summary>Over the last bars only, as many as the period says; fewer at the beginning.</summary>
    Window,
}

/// <summary>Volume-weighted average price: Σ TP·volume / Σ volume with TP = (H + L + C)/3.</summary>
/// <remarks>A bar whose TP·volume is larger than <see cref="Gaps.Largest"/> is not seen. Undefined while no volume was traded.</remarks>
public static class Vwap
{
    /// <summary>Fills the average.</summary>
    /// <param name="high">Highest prices, oldest first, shape [n].</param>
    /// <param name="low">Lowest prices, shape [n].</param>
    /// <param name="close">Closing prices, shape [n].</param>
    /// <param name="volume">Volumes, shape [n].</param>
    /// <param name="session">Number of each bar's session, shape [n]; read for <see cref="VwapAnchor.Session"/> only.</param>
    /// <param name="anchor">From where on is added up.</param>
    /// <param name="period">Bars of the window, at least 1; read for <see cref="VwapAnchor.Window"/> only.</param>
    /// <param name="vwap">Receives the average, shape [n].</param>
    public static void Compute(
        ReadOnlySpan<double> high, ReadOnlySpan<double> low, ReadOnlySpan<double> close, ReadOnlySpan<double> volume, ReadOnlySpan<int> session,
        VwapAnchor anchor, int period, Span<double> vwap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        Gaps.SameLength(close.Length, high.Length, low.Length, volume.Length, vwap.Length);
        var stream = new VwapStream(anchor, period);
        for (int t = 0; t < close.Length; t++)
        {
            vwap[t] = stream.Next(high[t], low[t], close[t], volume[t], anchor == VwapAnchor.Session ? session[t] : 0);
        }
    }
}

/// <summary>The streaming twin of <see cref="Vwap"/>, which is its loop.</summary>
internal sealed class VwapStream(VwapAnchor anchor, int period) : IIndicatorStream
{
    private readonly TrailingWindow amounts = new(anchor == VwapAnchor.Window ? period : 1), volumes = new(anchor == VwapAnchor.Window ? period : 1);
    private double amount, traded;
    private int session = int.MinValue;

    public void Next(in Bar bar, Span<double> outputs) => outputs[0] = Next(bar.High, bar.Low, bar.Close, bar.Volume, bar.Session);

    public void Peek(in Bar bar, Span<double> outputs)
    {
        var (amountBefore, tradedBefore, sessionBefore) = (amount, traded, session);
        outputs[0] = Take(bar.High, bar.Low, bar.Close, bar.Volume, bar.Session, out bool pushed);
        (amount, traded, session) = (amountBefore, tradedBefore, sessionBefore);
        if (pushed)
        {
            amounts.Undo();
            volumes.Undo();
        }
    }

    internal double Next(double high, double low, double close, double volume, int session) => Take(high, low, close, volume, session, out _);

    private double Take(double high, double low, double close, double volume, int bars, out bool pushed)
    {
        pushed = false;
        double price = TypicalPrice.Of(high, low, close), paid = price * volume;
        if (!Gaps.IsSeen(high) || !Gaps.IsSeen(low) || !Gaps.IsSeen(close) || !Gaps.IsSeen(volume) || !Gaps.IsSeen(paid))
        {
            return double.NaN;
        }

        if (anchor == VwapAnchor.Window)
        {
            // Before it is full the window begins with zeros, which add nothing.
            amounts.Push(paid);
            volumes.Push(volume);
            pushed = true;
            return Of(Sum(amounts.Values), Sum(volumes.Values));
        }

        if (anchor == VwapAnchor.Session && session != bars)
        {
            (amount, traded, session) = (0, 0, bars);
        }

        amount += paid;
        traded += volume;
        return Of(amount, traded);
    }

    private static double Of(double amount, double volume) => volume == 0 ? double.NaN : Gaps.Finite(amount / volume);

    private static double Sum(ReadOnlySpan<double> window)
    {
        double sum = 0;
        foreach (double value in window)
        {
            sum += value;
        }

        return sum;
    }
}
