using Sigmatiq.Market.Symbols;

namespace Sigmatiq.Market.Bars;

/// <summary>Collects bars one by one and hands them over as columns.</summary>
internal sealed class BarsBuilder(Symbol symbol, Interval interval, bool withAdjFactor = false)
{
    private readonly List<long> start = [];
    private readonly List<double> open = [], high = [], low = [], close = [], volume = [], factor = [];

    public int Count => start.Count;

    public void Add(long startUtcUs, double opening, double highest, double lowest, double closing, double traded, double adjFactor = double.NaN)
    {
        start.Add(startUtcUs);
        open.Add(opening);
        high.Add(highest);
        low.Add(lowest);
        close.Add(closing);
        volume.Add(traded);
        if (withAdjFactor)
        {
            factor.Add(adjFactor);
        }
    }

    public void Add(BarColumns bars, int t) => Add(
        bars.StartUtcUs[t], bars.Open[t], bars.High[t], bars.Low[t], bars.Close[t], bars.Volume[t], bars.AdjFactor.Length == 0 ? double.NaN : bars.AdjFactor[t]);

    public BarColumns Build() => new(symbol, interval, [.. start], [.. open], [.. high], [.. low], [.. close], [.. volume], withAdjFactor ? [.. factor] : null);
}
