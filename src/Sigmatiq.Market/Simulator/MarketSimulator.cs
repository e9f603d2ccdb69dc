using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Market.Simulator;

/// <summary>The project's own market: eight correlated symbols with regimes, fat tails, clustered volatility, overnight gaps and a
/// U-shaped day, on the sessions of the NYSE calendar. Everything it makes is synthetic and called so.</summary>
/// <remarks>Session k of a symbol depends on the settings and on earlier sessions alone, so a later end date never changes a bar.
/// 5-minute bars are made first; hours and days are made of them.</remarks>
public sealed class MarketSimulator(SimulatorSettings settings)
{
    /// <summary>Name of the one effect that the synthetic market holds on purpose.</summary>
    public const string PlantedEffect = "trend persistence";

    /// <summary>What the planted effect is, for the page that shows results on synthetic bars.</summary>
    public const string PlantedEffectText =
        "The synthetic market holds one planted effect, trend persistence: a hidden regime (trend, chop, fall) lasts for weeks and gives "
        + "every session the same direction: up and calm while it trends, down and agitated while it falls, none while it chops. What rose for "
        + "some weeks is thus likelier to rise on, and the indicators of momentum tell it. It is planted far stronger than any real market has "
        + "it, so that a classifier can find it in a few years. Volatility clusters; no other direction in these bars can be foretold.";

    private static readonly DateOnly NoDate = DateOnly.MinValue;
    private readonly MarketPath market = new(settings);

    /// <summary>The simulator with the settings that the product ships.</summary>
    public static MarketSimulator Default { get; } = new(SimulatorSettings.Default);

    /// <summary>What it was made with.</summary>
    public SimulatorSettings Settings => settings;

    /// <summary>Its symbols; the first one is the market.</summary>
    public IReadOnlyList<Symbol> Symbols { get; } = [.. settings.Symbols.Select(s => Symbol.Parse(s.Symbol))];

    /// <summary>The settings of one of its symbols.</summary>
    /// <exception cref="ProblemException">MKT-3001: no such synthetic symbol.</exception>
    public SimulatedSymbol Require(Symbol symbol) => settings.Find(symbol) ?? throw new ProblemException(
        "MKT-3001", $"The simulator has no symbol {symbol}.", "symbol", $"Use one of: {string.Join(", ", Symbols)}.", ExitCode.BadUsage);

    /// <summary>Bars of whole sessions with <c>from ≤ date ≤ to</c>.</summary>
    /// <param name="symbol">One of <see cref="Symbols"/>.</param>
    /// <param name="interval">5m, 1h or 1d.</param>
    /// <param name="from">First date; null is the simulator's own start.</param>
    /// <param name="to">Last date.</param>
    /// <exception cref="ProblemException">MKT-3001: no such synthetic symbol. MKT-3002: an interval it does not make.</exception>
    public BarColumns Bars(Symbol symbol, Interval interval, DateOnly? from, DateOnly to)
    {
        SimulatedSymbol own = Require(symbol);
        if (interval == Interval.Minute1)
        {
            throw new ProblemException("MKT-3002", "The simulator makes no bars of 1m.", "interval", "Use 5m, 1h or 1d.", ExitCode.BadUsage);
        }

        var made = new BarsBuilder(symbol, interval);
        Rng root = Rng.From(settings.Seed).Fork(symbol.Value);
        double log = Math.Log(own.StartPrice), logVolatility = 0, logVolume = 0;
        foreach (MarketSession common in market.Until(to))
        {
            Rng rng = root.Fork("session", common.Index);
            logVolatility = (settings.VolatilityPersistence * logVolatility) + (settings.VolatilityNoise * rng.NextGaussian());
            logVolume = (0.8 * logVolume) + (0.15 * rng.NextGaussian());
            SymbolDay day = Day(common, own, Math.Exp(logVolatility), Math.Exp(logVolume), ref log, rng);
            if (common.Session.Date >= (from ?? NoDate))
            {
                day.AddTo(made, common.Session, interval);
            }
        }

        return made.Build();
    }

    /// <summary>The hidden regime of each session, for tests and for the page that explains the effect.</summary>
    public IReadOnlyList<(DateOnly Date, string Regime)> Regimes(DateOnly to) =>
        [.. market.Until(to).Select(session => (session.Session.Date, session.Regime.Name))];

    private SymbolDay Day(MarketSession common, SimulatedSymbol own, double ownVolatility, double volumeLevel, ref double log, Rng rng)
    {
        double tail = Shocks.TailScale(rng, settings.TailDegrees), gapTail = Shocks.TailScale(rng, settings.TailDegrees);
        double sigma = own.OwnVolatilityPct / 100 * ownVolatility;
        // The first session opens at the start price.
        if (common.Index > 0)
        {
            log += (own.Beta * common.Gap) + (sigma * gapTail * Math.Sqrt(settings.OvernightShare) * rng.NextGaussian());
        }

        double[] variance = IntradayProfile.VarianceWeights(common.Session), volume = IntradayProfile.VolumeWeights(common.Session);
        var day = new SymbolDay(common.Steps.Length);
        // Agitated sessions trade more.
        double shares = own.SharesPerSession * volumeLevel * Math.Pow(0.5 * (common.Volatility + tail), 0.5);
        double marketSigma = own.Beta * common.Regime.VolatilityPct / 100 * common.Volatility;
        for (int j = 0; j < common.Steps.Length; j++)
        {
            double weight = Math.Sqrt(variance[j] * (1 - settings.OvernightShare));
            double step = (own.Beta * common.Steps[j]) + (sigma * tail * weight * rng.NextGaussian());
            double spread = weight * Math.Sqrt((marketSigma * marketSigma) + (sigma * tail * sigma * tail));
            day.Open[j] = log;
            day.High[j] = log + Shocks.BridgeMaximum(rng, step, spread);
            day.Low[j] = log - Shocks.BridgeMaximum(rng, -step, spread);
            log += step;
            day.Close[j] = log;
            day.Volume[j] = Math.Max(100, Math.Round(shares * volume[j] * Math.Exp((0.3 * rng.NextGaussian()) - 0.045)));
        }

        return day;
    }
}
