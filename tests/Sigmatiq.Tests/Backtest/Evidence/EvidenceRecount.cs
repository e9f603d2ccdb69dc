using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Columns;

namespace Sigmatiq.Tests.Backtest.Evidence;

/// <summary>Every figure of an evidence folder worked out again from its Parquet files alone, by plain loops that share nothing with the
/// product: what an outsider with pandas would do.</summary>
internal sealed class EvidenceRecount(string folder, string prefix)
{
    private readonly ColumnSet trades = ParquetFile.Read(Path.Combine(folder, prefix + "trades.parquet"), null, TestContext.Current.CancellationToken);
    private readonly ColumnSet equity = ParquetFile.Read(Path.Combine(folder, prefix + "equity.parquet"), null, TestContext.Current.CancellationToken);

    public int Checked { get; private set; }

    /// <summary>Trades against equity: cash chains, profits, and the equity of each mark.</summary>
    public void CheckTradesAgainstEquity(double feePerShare, double feeMin, double feeMaxPct)
    {
        double[] e = equity["equity"].Doubles, close = equity["close"].Doubles;
        long[] ts = equity["ts"].TimestampsUtcUs;
        double cash = e[0];
        double Fee(double q, double p) => Math.Min(Math.Max(q * feePerShare, feeMin), q * p * feeMaxPct / 100);
        for (int i = 0; i < trades.Rows; i++)
        {
            double q = trades["quantity"].Doubles[i], entry = trades["entry_price"].Doubles[i], exit = trades["exit_price"].Doubles[i];
            Near(trades["cash_before"].Doubles[i], cash, "cash before");
            double outlay = (q * entry) + Fee(q, entry), proceeds = (q * exit) - Fee(q, exit);
            Near(trades["cash_after_entry"].Doubles[i], cash - outlay, "cash after entry");
            Near(trades["profit"].Doubles[i], proceeds - outlay, "profit");
            Near(trades["return"].Doubles[i], (proceeds - outlay) / (q * entry), "return");
            cash = cash - outlay + proceeds;
            Near(trades["cash_after_exit"].Doubles[i], cash, "cash after exit");
            q.Should().Be(Math.Floor(q)).And.BePositive();
        }

        // A mark shows the money at the bar's close, so a trade whose exit bar it is has already been closed.
        int at = 0;
        cash = e[0];
        for (int m = 1; m < equity.Rows; m++)
        {
            while (at < trades.Rows && trades["exit_ts"].TimestampsUtcUs[at] <= ts[m])
            {
                cash = trades["cash_after_exit"].Doubles[at++];
            }

            double want = at < trades.Rows && trades["entry_ts"].TimestampsUtcUs[at] <= ts[m]
                ? trades["cash_after_entry"].Doubles[at] + (trades["quantity"].Doubles[at] * close[m])
                : cash;
            Near(e[m], want, $"equity of mark {m}");
            Near(equity["buy_and_hold"].Doubles[m], e[0] / close[0] * close[m], "buy and hold");
        }
    }

    /// <summary>The metrics of 02 §2.8.</summary>
    public void CheckMetrics(JsonObject metrics, double periodsPerYear)
    {
        double[] e = equity["equity"].Doubles, b = equity["buy_and_hold"].Doubles;
        DateOnly[] date = equity["date"].Dates;
        int n = e.Length - 1;
        double[] r = new double[n], h = new double[n];
        for (int t = 0; t < n; t++)
        {
            r[t] = (e[t + 1] / e[t]) - 1;
            h[t] = (b[t + 1] / b[t]) - 1;
        }

        double mean = r.Average(), sigma = Math.Sqrt(r.Sum(x => (x - mean) * (x - mean)) / (n - 1)), total = (e[^1] / e[0]) - 1;
        double years = (date[^1].DayNumber - date[0].DayNumber) / 365.25, peak = e[0], fall = 0;
        foreach (double x in e)
        {
            peak = Math.Max(peak, x);
            fall = Math.Min(fall, (x / peak) - 1);
        }

        double cagr = Math.Pow(1 + total, 1 / years) - 1, downside = Math.Sqrt(r.Sum(x => x < 0 ? x * x : 0) / n), root = Math.Sqrt(periodsPerYear);
        double m2 = r.Sum(x => Math.Pow(x - mean, 2)) / n, g3 = r.Sum(x => Math.Pow(x - mean, 3)) / n / Math.Pow(m2, 1.5), g4 = r.Sum(x => Math.Pow(x - mean, 4)) / n / (m2 * m2);
        double sr = mean / sigma, half = 1.96 * Math.Sqrt((1 - (g3 * sr) + ((g4 - 1) / 4 * sr * sr)) / (n - 1)) * root;
        Near(metrics, "total_return", total);
        Near(metrics, "annualized_return", cagr);
        Near(metrics, "annual_volatility", sigma * root);
        Near(metrics, "sharpe_ratio", sr * root);
        Near(metrics["sharpe_interval"]![0]!.GetValue<double>(), (sr * root) - half, "Sharpe, low");
        Near(metrics["sharpe_interval"]![1]!.GetValue<double>(), (sr * root) + half, "Sharpe, high");
        Near(metrics, "downside_deviation", downside);
        Near(metrics, "sortino_ratio", mean / downside * root);
        Near(metrics, "max_drawdown", fall);
        Near(metrics, "calmar_ratio", cagr / Math.Abs(fall));
        Near(metrics, "skewness", g3);
        Near(metrics, "kurtosis", g4);
        double meanH = h.Average(), cov = 0, varH = 0;
        for (int t = 0; t < n; t++)
        {
            cov += (r[t] - mean) * (h[t] - meanH);
            varH += (h[t] - meanH) * (h[t] - meanH);
        }

        double[] x1 = [.. r.Select((v, t) => v - h[t])];
        double meanX = x1.Average(), sigmaX = Math.Sqrt(x1.Sum(v => (v - meanX) * (v - meanX)) / (n - 1));
        Near(metrics, "beta", cov / varH);
        Near(metrics, "alpha", (mean - (cov / varH * meanH)) * periodsPerYear);
        Near(metrics, "information_ratio", meanX * periodsPerYear / (sigmaX * root));
        double[] sorted = [.. r.Order()];
        double at = 0.05 * (n - 1), q = sorted[(int)at] + ((at - (int)at) * (sorted[(int)at + 1] - sorted[(int)at]));
        Near(metrics, "var_95", Math.Max(0, -q));
        if (n >= 250)
        {
            Near(metrics, "cvar_95", Math.Max(0, -sorted.Where(v => v <= q).Average()));
        }

        CheckTrades(metrics);
    }

    /// <summary>Statistics that the bootstrap is not needed for.</summary>
    private void CheckTrades(JsonObject metrics)
    {
        double[] rho = trades["return"].Doubles, profit = trades["profit"].Doubles;
        int n = rho.Length;
        metrics["total_trades"]!.GetValue<int>().Should().Be(n);
        double[] won = [.. rho.Where(x => x > 0)], lost = [.. rho.Where(x => x <= 0)];
        Near(metrics, "win_rate", (double)won.Length / n);
        NearOrNull(metrics, "profit_factor", profit.All(p => p >= 0) ? null : profit.Where(p => p > 0).Sum() / -profit.Where(p => p < 0).Sum());
        Near(metrics, "best_trade", rho.Max());
        Near(metrics, "worst_trade", rho.Min());
        NearOrNull(metrics, "avg_winner", won.Length == 0 ? null : won.Average());
        NearOrNull(metrics, "avg_loser", lost.Length == 0 ? null : lost.Average());
        Near(metrics, "avg_trade_return", rho.Average());
        DateOnly[] entry = trades["entry_date"].Dates, exit = trades["exit_date"].Dates;
        Near(metrics, "avg_trade_duration_days", Enumerable.Range(0, n).Average(i => exit[i].DayNumber - entry[i].DayNumber));
        double mean = rho.Average(), s = Math.Sqrt(rho.Sum(x => (x - mean) * (x - mean)) / (n - 1));
        NearOrNull(metrics, "t_statistic", n < 2 ? null : mean / (s / Math.Sqrt(n)));
        double[] e = equity["equity"].Doubles;
        DateOnly[] date = equity["date"].Dates;
        double traded = Enumerable.Range(0, n).Sum(i => trades["quantity"].Doubles[i] * (trades["entry_price"].Doubles[i] + trades["exit_price"].Doubles[i]));
        Near(metrics, "turnover", traded / e.Skip(1).Average() / ((date[^1].DayNumber - date[0].DayNumber) / 365.25));
    }

    /// <summary>The summary and trades files of 04 §4.17.</summary>
    public void CheckFiles(JsonObject summary, JsonObject tradesFile, string strategyId)
    {
        double[] e = equity["equity"].Doubles, b = equity["buy_and_hold"].Doubles;
        JsonObject own = summary["strategies"]![strategyId]!.AsObject(), hold = summary["strategies"]!["buy_and_hold"]!.AsObject();
        Near(own, "final_equity", e[^1]);
        Near(own, "total_return_pct", ((e[^1] / e[0]) - 1) * 100);
        Near(hold, "final_equity", b[^1]);
        Near(hold, "total_return_pct", ((b[^1] / b[0]) - 1) * 100);
        own["exit_reasons"]!.AsObject().Sum(r => r.Value!.GetValue<int>()).Should().Be(trades.Rows);

        JsonArray list = tradesFile["trades"]!.AsArray();
        list.Should().HaveCount(trades.Rows);
        for (int i = 0; i < trades.Rows; i++)
        {
            JsonObject trade = list[i]!.AsObject();
            trade["trade_id"]!.GetValue<int>().Should().Be(i + 1);
            Near(trade, "entry_price", trades["entry_price"].Doubles[i]);
            Near(trade, "exit_price", trades["exit_price"].Doubles[i]);
            Near(trade, "pnl_usd", trades["profit"].Doubles[i]);
            Near(trade, "pnl_pct", trades["return"].Doubles[i] * 100);
            DateTimeOffset.Parse(trade["timestamp"]!.GetValue<string>(), CultureInfo.InvariantCulture).Should()
                .Be(DateTimeOffset.UnixEpoch.AddTicks(trades["entry_ts"].TimestampsUtcUs[i] * 10));
            if (i > 0)
            {
                trade["equity_at_entry"]!.GetValue<double>().Should().Be(list[i - 1]!["equity_at_exit"]!.GetValue<double>());
            }
        }

        Near(tradesFile["summary"]!.AsObject(), "total_pnl", e[^1] - e[0]);

        // Months chain to the whole.
        double product = 1;
        JsonObject monthly = summary["monthly"]!.AsObject();
        foreach (JsonNode? pct in monthly["pnl_pct"]!.AsArray())
        {
            product *= 1 + (pct!.GetValue<double>() / 100);
        }

        Near(product, e[^1] / e[0], "months");
        monthly["months"]!.AsArray().Count.Should().Be(monthly["trades"]!.AsArray().Count).And.Be(monthly["pnl_pct"]!.AsArray().Count);
        monthly["trades"]!.AsArray().Sum(t => t!.GetValue<int>()).Should().Be(trades.Rows);
    }

    private void NearOrNull(JsonObject json, string key, double? want)
    {
        if (want is { } number)
        {
            Near(json, key, number);
        }
        else
        {
            json[key].Should().BeNull(key);
        }
    }

    private void Near(JsonObject json, string key, double want) => Near(json[key]!.GetValue<double>(), want, key);

    private void Near(double got, double want, string what)
    {
        if (!(Math.Abs(got - want) <= 1e-9 * Math.Max(1, Math.Abs(want))))
        {
            Assert.Fail($"{prefix}{what}: {got:R} is not {want:R}");
        }

        Checked++;
    }
}
