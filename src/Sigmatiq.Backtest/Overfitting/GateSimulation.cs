using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Backtest.Overfitting;

/// <summary>What the gates of vote 1 do to many strategies of pure noise, with or without one that is truly good: normal daily returns,
/// 252 a year, the winner by Sharpe ratio put to the gates.</summary>
/// <param name="Sharpe">Annual Sharpe ratio of the winner.</param>
/// <param name="Deflated">Its deflated Sharpe ratio.</param>
/// <param name="Overfit">Probability of overfitting.</param>
/// <param name="PlantedWins">Whether the winner is the planted strategy.</param>
public sealed record GateSimulation(double Sharpe, double Deflated, double Overfit, bool PlantedWins)
{
    /// <summary>A gate that only asks for a Sharpe ratio of 0.7.</summary>
    public bool PassesSharpeGate => Sharpe >= 0.7;

    /// <summary>The gate on deflated Sharpe alone.</summary>
    public bool PassesDeflatedSharpe => Deflated >= VoteOne.DeflatedSharpeMin;

    /// <summary>The gate on the probability of overfitting alone.</summary>
    public bool PassesOverfit => Overfit <= VoteOne.OverfitMax;

    /// <summary>Both gates of 08 §8.10.</summary>
    public bool PassesOurGates => PassesDeflatedSharpe && PassesOverfit;

    /// <summary>Draws the strategies of a seed and judges their winner.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="strategies">Number of strategies, the planted one included.</param>
    /// <param name="days">Days.</param>
    /// <param name="plantedSharpe">True annual Sharpe ratio of the first strategy; 0 plants none.</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="ct">Stops between splits.</param>
    public static GateSimulation Of(long seed, int strategies, int days, double plantedSharpe, int threads, CancellationToken ct)
    {
        const double perYear = 252, deviation = 0.01;
        Rng rng = Rng.From(seed).Fork("gate_simulation");
        double[][] returns = new double[strategies][];
        for (int n = 0; n < strategies; n++)
        {
            double mean = n == 0 ? plantedSharpe / Math.Sqrt(perYear) * deviation : 0;
            returns[n] = new double[days];
            for (int d = 0; d < days; d++)
            {
                returns[n][d] = mean + (deviation * rng.NextGaussian());
            }
        }

        OverfitReport report = OverfitReport.Of(returns, perYear, null, threads, ct);
        return new(report.Sharpe ?? double.NaN, report.Deflated.Value ?? double.NaN, report.Overfit.Value ?? double.NaN, plantedSharpe != 0 && report.Best == 0);
    }
}
