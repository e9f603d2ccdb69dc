using System.Text.Json.Serialization;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Overfitting;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>What the evaluation of one combo leaves behind: all that ranking, gates, ledger and overfitting statistics need. Trades are walked
/// again where they are wanted.</summary>
/// <param name="ComboId">The combo.</param>
/// <param name="ConfigHash">Its identity (02 §2.5).</param>
/// <param name="Behaviour">Hash of its entries and exits, prices and reasons: equal for combos that trade alike, whatever their size.</param>
/// <param name="Metrics">Figures on the selection window.</param>
/// <param name="Robust">Break-even cost, ambiguous bars, and the combo as a trial.</param>
public sealed record ComboFigures(int ComboId, string ConfigHash, string Behaviour, MetricSet Metrics, RobustFigures Robust)
{
    /// <summary>Returns by trading day from the sweep's start on, shape [days].</summary>
    [JsonIgnore]
    public double[] DailyReturns { get; init; } = [];
}

/// <summary>The daily returns of a sweep's combos, wherever they are kept.</summary>
public interface IDailyReturns
{
    /// <summary>Returns of a combo, shape [days]; a fresh array.</summary>
    double[] Of(int comboId);
}

/// <summary>Daily returns in memory: a sweep that nobody stores.</summary>
internal sealed class ReturnsInMemory : IDailyReturns
{
    private readonly Dictionary<int, double[]> byCombo = [];

    public void Add(ComboFigures figures) => byCombo[figures.ComboId] = figures.DailyReturns;

    public double[] Of(int comboId) => [.. byCombo[comboId]];
}
