using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Backtest;

/// <summary>What a backtest gave.</summary>
/// <param name="Account">Trades and their money.</param>
/// <param name="Marks">When equity was marked.</param>
/// <param name="Equity">Money at the start and at each mark, shape [marks + 1].</param>
/// <param name="BuyAndHold">The same money held in the instrument from the first open, without costs, shape [marks + 1].</param>
/// <param name="Trades">Closed trades as metrics need them.</param>
/// <param name="Metrics">The figures.</param>
public sealed record BacktestResult(AccountPath Account, MarkGrid Marks, double[] Equity, double[] BuyAndHold, TradeColumns Trades, MetricSet Metrics)
{
    /// <summary>Marks an account and works out its figures.</summary>
    /// <param name="bars">The bars traded on.</param>
    /// <param name="options">The engine's options.</param>
    /// <param name="account">The account.</param>
    /// <param name="marks">When equity is marked.</param>
    /// <param name="riskFree">Risk-free rate a year.</param>
    /// <param name="known">Its score, where a sweep has it already.</param>
    internal static BacktestResult Of(FillBars bars, EngineOptions options, AccountPath account, MarkGrid marks, double riskFree, Score? known = null)
    {
        double[] equity = EquityCurve.Of(account, marks, options.StartingCash);
        HeldInstrument held = marks.Held(options.StartingCash);
        TradeColumns trades = EquityCurve.Trades(bars, account);
        var input = new MetricInput(
            equity, marks.DayNumbers, options.PeriodsPerYear, riskFree, trades, EquityCurve.TradedValue(account), EquityCurve.Exposure(account.Path, marks),
            held.Returns);
        Score score = known ?? new PathScorer(bars, options, marks).Alone(account, riskFree);
        return new(account, marks, equity, held.Equity, trades, MetricMaker.Make(input, score, marks.Count));
    }
}
