using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Market.Simulator;

/// <summary>One session of the market factor.</summary>
/// <param name="Session">When.</param>
/// <param name="Index">Sessions since the start.</param>
/// <param name="Regime">Hidden state.</param>
/// <param name="Volatility">How agitated the session is, 1 = usual for its regime.</param>
/// <param name="Gap">Log return from the last close to the open.</param>
/// <param name="Steps">Log returns of the session's 5-minute steps.</param>
internal readonly record struct MarketSession(Session Session, int Index, Regime Regime, double Volatility, double Gap, double[] Steps);

/// <summary>The common factor of all symbols, session after session. A session's chance is forked by its number, and its state comes
/// from the one before: no later session can reach it.</summary>
internal sealed class MarketPath(SimulatorSettings settings)
{
    /// <summary>Sessions from the start to a date.</summary>
    public IEnumerable<MarketSession> Until(DateOnly to)
    {
        Rng root = Rng.From(settings.Seed).Fork("market");
        Regime regime = settings.Regimes[0];
        double logVolatility = 0;
        int index = 0;
        foreach (Session session in NyseCalendar.Instance.Sessions(settings.Start, to))
        {
            Rng rng = root.Fork("session", index);
            regime = Next(regime, rng);
            logVolatility = (settings.VolatilityPersistence * logVolatility) + (settings.VolatilityNoise * rng.NextGaussian());
            double volatility = Math.Exp(logVolatility) * Shocks.TailScale(rng, settings.TailDegrees);
            double gapVolatility = Math.Exp(logVolatility) * Shocks.TailScale(rng, settings.TailDegrees);
            double sigma = regime.VolatilityPct / 100, drift = regime.DriftPct / 100;

            double gap = (drift * settings.OvernightShare) + (sigma * gapVolatility * Math.Sqrt(settings.OvernightShare) * rng.NextGaussian());
            double[] weights = IntradayProfile.VarianceWeights(session);
            double[] steps = new double[weights.Length];
            for (int j = 0; j < steps.Length; j++)
            {
                double variance = weights[j] * (1 - settings.OvernightShare);
                steps[j] = (drift * (1 - settings.OvernightShare) / steps.Length) + (sigma * volatility * Math.Sqrt(variance) * rng.NextGaussian());
            }

            yield return new(session, index, regime, volatility, gap, steps);
            index++;
        }
    }

    private Regime Next(Regime regime, Rng rng)
    {
        double stay = rng.NextDouble(), pick = rng.NextDouble();
        if (stay >= 1 / regime.MeanSessions)
        {
            return regime;
        }

        foreach (Regime other in settings.Regimes)
        {
            if (regime.Next.TryGetValue(other.Name, out double chance))
            {
                if (pick < chance)
                {
                    return other;
                }

                pick -= chance;
            }
        }

        return regime;
    }
}
