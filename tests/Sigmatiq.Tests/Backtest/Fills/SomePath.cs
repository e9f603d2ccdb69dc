using Sigmatiq.Backtest;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Gates;

namespace Sigmatiq.Tests.Backtest.Fills;

/// <summary>A hand-made price path: one line a bar, open high low close, days of three bars.</summary>
internal static class SomePath
{
    /// <summary>Market orders, no costs, touching fills: what a scenario is easiest read in.</summary>
    public static readonly EngineOptions Plain = new()
    {
        Fee = FeeModel.Zero, SlippageBps = 0, LimitFill = LimitFill.Touch, OpenAtEnd = OpenAtEnd.List, StartingCash = 10_000, Quantity = QuantityKind.Fractional,
    };

    public static BarColumns Bars(string text, double volume = 1e6, int barsADay = 3)
    {
        double[][] rows = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        double[] Field(int i) => [.. rows.Select(r => r[i])];
        long start = new DateTimeOffset(2024, 1, 2, 15, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() * 1_000_000;
        long[] ts = [.. rows.Select((_, t) => start + (t / barsADay * 86_400_000_000L) + (t % barsADay * 3_600_000_000L))];
        return new(Symbol.Parse("TEST"), Interval.Hour1, ts, Field(0), Field(1), Field(2), Field(3), [.. rows.Select(_ => volume)]);
    }

    public static BacktestResult Run(
        string text, EngineOptions options, Barriers barriers, int[] entries, int[]? exits = null, double volume = 1e6, double sizePct = 100, int barsADay = 3)
    {
        FillBars fills = FillBars.From(Bars(text, volume, barsADay), TimeZoneInfo.Utc, PriceKind.Raw);
        return new BacktestRun(fills, options, new(entries, exits ?? []), barriers, new(options.Sizing, sizePct), 0, fills.Count).Execute();
    }

    /// <summary>The trades in words: <c>1@100 → 3@108 target</c>.</summary>
    public static string[] Trades(BacktestResult result)
    {
        TradePath p = result.Account.Path;
        return [.. Enumerable.Range(0, p.Count).Select(i => FormattableString.Invariant(
            $"{p.EntryBar[i]}@{p.EntryPrice[i]:0.####} → {p.ExitBar[i]}@{p.ExitPrice[i]:0.####} {p.Reason[i].Text()}"))];
    }
}
