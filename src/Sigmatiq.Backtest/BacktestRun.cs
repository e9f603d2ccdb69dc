using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Backtest;

/// <summary>One backtest: bars, signals, protective exits and a size in; trades, equity and metrics out. The door of this project.</summary>
/// <remarks>The order of events is that of spec 08 §8.9 (<see cref="PositionWalk"/>, <see cref="PathFinder"/>), money that of
/// <see cref="AccountPath"/>, figures those of 02 §2.8 (<see cref="MetricSet"/>). Pure: the same input gives the same bits.</remarks>
/// <param name="Bars">The bars traded on.</param>
/// <param name="Options">The engine's options.</param>
/// <param name="Signals">Where the rules decide.</param>
/// <param name="Barriers">The protective exits.</param>
/// <param name="Size">The share of the account.</param>
/// <param name="From">First bar on whose close an entry may be decided; metrics start here.</param>
/// <param name="To">End of the window, exclusive: no bar at or after it is read.</param>
public sealed record BacktestRun(FillBars Bars, EngineOptions Options, SignalSet Signals, Barriers Barriers, PositionSize Size, int From, int To)
{
    /// <summary>Runs it.</summary>
    /// <param name="riskFree">Risk-free rate a year; 0 unless idle cash is credited the same.</param>
    public BacktestResult Execute(double riskFree = 0)
    {
        Barriers effective = Barriers.Effective();
        TradePath shared = PathFinder.Find(Bars, Signals, effective, Options, From, To);
        AccountPath account = AccountPath.Run(Bars, Signals, effective, Options, shared, Size, From, To);
        var marks = new MarkGrid(Bars, Options.Returns, From, To);
        return BacktestResult.Of(Bars, Options, account, marks, riskFree);
    }
}
