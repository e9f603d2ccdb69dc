using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Trading.Deployments;

/// <summary>What a trained model said of one bar.</summary>
/// <param name="BarUtc">Start of the bar.</param>
/// <param name="ModelId">The trained model.</param>
/// <param name="Close">Its close.</param>
/// <param name="Probability">Calibrated probability of a gain.</param>
/// <param name="PredictedReturnPct">Expected return in percent.</param>
/// <param name="Threshold">What the probability is compared with.</param>
/// <param name="Direction">1 where an entry would be decided, else 0.</param>
public sealed record SeededPrediction(DateTimeOffset BarUtc, string ModelId, double Close, double? Probability, double? PredictedReturnPct, double Threshold, int Direction)
{
    /// <summary>Reads the shadow predictions of a model.</summary>
    public static IReadOnlyList<SeededPrediction> Read(string parquet, string modelId, CancellationToken ct)
    {
        ColumnSet columns = ParquetFile.Read(parquet, null, ct);
        long[] at = columns["ts"].TimestampsUtcUs;
        double[] close = columns["close"].Doubles, probability = columns["probability"].Doubles, expected = columns["predicted_return"].Doubles, threshold = columns["threshold"].Doubles;
        bool[] enters = columns["enters"].Bools;
        return [.. Enumerable.Range(0, columns.Rows).Select(i => new SeededPrediction(
            DateTimeOffset.UnixEpoch.AddTicks(at[i] * 10), modelId, close[i], Finite(probability[i]), Finite(expected[i] * 100), threshold[i], enters[i] ? 1 : 0))];
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>The five tables of a pack strategy that readers outside look at (spec 04 §4.19), filled from what was approved. Nothing in the
/// product decides by them.</summary>
public static class ProductionTables
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["pack_predictions", "pack_signals", "pack_executions", "pack_subtrades", "pack_paper_trading"];

    /// <summary>Writes or replaces the rows of a strategy, all in one transaction; the same again changes nothing.</summary>
    /// <param name="rows">The store.</param>
    /// <param name="data">Where the production files lie.</param>
    /// <param name="approval">What was approved.</param>
    /// <param name="predictions">Shadow predictions of its models.</param>
    /// <param name="ct">Cancels before the transaction is committed.</param>
    /// <returns>Rows written, by table.</returns>
    /// <exception cref="Store.Errors.ProblemException">DEP-1009: it is not approved, or its production files are not there.</exception>
    public static async Task<IReadOnlyDictionary<string, int>> SeedAsync(
        IRowStore rows, DataDirectory data, Approval approval, IReadOnlyList<SeededPrediction> predictions, CancellationToken ct)
    {
        string file = data.File("public", "data", "production", ProductionFiles.TradesOf(approval)), strategy = approval.Subject.StrategyId;
        if (approval.Status is not (ApprovalStatus.Approved or ApprovalStatus.Live) || !File.Exists(file))
        {
            throw new Store.Errors.ProblemException("DEP-1009", $"There are no approved trades of {strategy} to fill tables from.", file,
                $"Deploy it first: 'sigmatiq pipeline pack:{strategy} --phase production'.", Store.Errors.ExitCode.ApprovalMissing);
        }

        Trade[] trades = [.. JsonNode.Parse(await File.ReadAllTextAsync(file, ct))!["trades"]!.AsArray().Select(t => Trade.Of(t!))];
        double? Parameter(string name) => approval.Subject.Parameters[name]?.GetValueKind() == System.Text.Json.JsonValueKind.Number ? approval.Subject.Parameters[name]!.GetValue<double>() : null;
        (double? stop, double? target) = (Parameter("stop_loss_pct"), Parameter("take_profit_pct"));
        await rows.InTransactionAsync(async tx =>
        {
            await tx.ExecuteAsync("""
                insert into pack_predictions (strategy_id, bar_utc, model_id, close, probability, predicted_return_pct, threshold, direction)
                values (@strategy, @BarUtc, @ModelId, @Close, @Probability, @PredictedReturnPct, @Threshold, @Direction)
                on conflict (strategy_id, bar_utc, model_id) do update set close = @Close, probability = @Probability,
                    predicted_return_pct = @PredictedReturnPct, threshold = @Threshold, direction = @Direction
                """, predictions.Select(p => new { strategy, p.BarUtc, p.ModelId, p.Close, p.Probability, p.PredictedReturnPct, p.Threshold, p.Direction }).ToList(), ct);
            await tx.ExecuteAsync("""
                insert into pack_signals (strategy_id, signal_utc, direction, magnitude, confidence, skip_trade, leverage, hard_stop_pct, take_profit_pct, entry_price, config_version)
                values (@strategy, @EntryUtc, @Direction, null, null, 0, @Leverage, @stop, @target, @EntryPrice, @ConfigHash)
                on conflict (strategy_id, signal_utc) do update set direction = @Direction, leverage = @Leverage, hard_stop_pct = @stop, take_profit_pct = @target,
                    entry_price = @EntryPrice, config_version = @ConfigHash
                """, trades.Select(t => new { strategy, t.EntryUtc, t.Direction, t.Leverage, stop, target, t.EntryPrice, approval.Subject.ConfigHash }).ToList(), ct);
            await tx.ExecuteAsync("""
                insert into pack_executions (strategy_id, signal_utc, direction, leverage, entry_utc, entry_price, exit_utc, exit_price, exit_reason, n_subtrades, pnl_usd, pnl_pct, status)
                values (@strategy, @EntryUtc, @Direction, @Leverage, @EntryUtc, @EntryPrice, @ExitUtc, @ExitPrice, @ExitReason, 1, @PnlUsd, @PnlPct, @Status)
                on conflict (strategy_id, signal_utc) do update set direction = @Direction, leverage = @Leverage, entry_price = @EntryPrice, exit_utc = @ExitUtc,
                    exit_price = @ExitPrice, exit_reason = @ExitReason, pnl_usd = @PnlUsd, pnl_pct = @PnlPct, status = @Status
                """, trades.Select(t => new
            {
                strategy, t.EntryUtc, t.Direction, t.Leverage, t.EntryPrice, t.ExitUtc, t.ExitPrice, t.ExitReason, t.PnlUsd, t.PnlPct, Status = t.PnlPct is null ? "positioned" : "closed",
            }).ToList(), ct);
            await tx.ExecuteAsync("""
                insert into pack_subtrades (strategy_id, signal_utc, subtrade_index, entry_utc, entry_price, exit_utc, exit_price, exit_reason, peak_price, pnl_usd)
                values (@strategy, @EntryUtc, 0, @EntryUtc, @EntryPrice, @ExitUtc, @ExitPrice, @ExitReason, @PeakPrice, @PnlUsd)
                on conflict (strategy_id, signal_utc, subtrade_index) do update set entry_price = @EntryPrice, exit_utc = @ExitUtc, exit_price = @ExitPrice,
                    exit_reason = @ExitReason, peak_price = @PeakPrice, pnl_usd = @PnlUsd
                """, trades.Select(t => new { strategy, t.EntryUtc, t.EntryPrice, t.ExitUtc, t.ExitPrice, t.ExitReason, t.PeakPrice, t.PnlUsd }).ToList(), ct);
            await tx.ExecuteAsync("""
                insert into pack_paper_trading (strategy_id, signal_utc, trade_pnl_pct, cumulative_pct, running_win_rate_pct, max_dd_pct, n_trades, n_long, n_short, consecutive_losses)
                values (@strategy, @EntryUtc, @PnlPct, @CumulativePct, @WinRatePct, @MaxDdPct, @Trades, @Long, @Short, @Losses)
                on conflict (strategy_id, signal_utc) do update set trade_pnl_pct = @PnlPct, cumulative_pct = @CumulativePct, running_win_rate_pct = @WinRatePct,
                    max_dd_pct = @MaxDdPct, n_trades = @Trades, n_long = @Long, n_short = @Short, consecutive_losses = @Losses
                """, Standings(trades).Select(s => new { strategy, s.EntryUtc, s.PnlPct, s.CumulativePct, s.WinRatePct, s.MaxDdPct, s.Trades, s.Long, s.Short, s.Losses }).ToList(), ct);
        }, ct);
        int closed = trades.Count(t => t.PnlPct is not null);
        return new Dictionary<string, int>
        {
            ["pack_predictions"] = predictions.Count, ["pack_signals"] = trades.Length, ["pack_executions"] = trades.Length, ["pack_subtrades"] = trades.Length, ["pack_paper_trading"] = closed,
        };
    }

    // How it stood after each closed trade: returns compounded on the equity that each trade began with (04 §4.15).
    private static IEnumerable<Standing> Standings(IReadOnlyList<Trade> trades)
    {
        double equity = 1, peak = 1, worst = 0;
        int count = 0, wins = 0, longs = 0, losses = 0;
        foreach (Trade trade in trades)
        {
            if (trade.PnlPct is not { } pnl)
            {
                continue;
            }

            equity = trade.EquityRatio * equity;
            peak = Math.Max(peak, equity);
            worst = Math.Max(worst, 1 - (equity / peak));
            count++;
            wins += pnl > 0 ? 1 : 0;
            longs += trade.Direction > 0 ? 1 : 0;
            losses = pnl < 0 ? losses + 1 : 0;
            yield return new(trade.EntryUtc, pnl, (equity - 1) * 100, 100.0 * wins / count, worst * 100, count, longs, count - longs, losses);
        }
    }

    private sealed record Standing(DateTimeOffset EntryUtc, double PnlPct, double CumulativePct, double WinRatePct, double MaxDdPct, int Trades, int Long, int Short, int Losses);

    private sealed record Trade(
        DateTimeOffset EntryUtc, DateTimeOffset? ExitUtc, int Direction, double EntryPrice, double? ExitPrice, string? ExitReason, double? PnlUsd, double? PnlPct, double Leverage,
        double? PeakPrice, double EquityRatio)
    {
        public static Trade Of(JsonNode t)
        {
            double? Number(string name) => t[name]?.GetValue<double>();
            int direction = t["side"]!.GetValue<string>() == "SHORT" ? -1 : 1;
            double entry = Number("entry_price")!.Value;
            return new(
                Instant(t["timestamp"]!), t["exit_timestamp"] is { } exit ? Instant(exit) : null, direction, entry, Number("exit_price"), t["exit_reason"]?.GetValue<string>(),
                Number("pnl_usd"), Number("pnl_pct"), Number("leverage") ?? 1, Number("mfe_pct") is { } best ? entry * (1 + (direction * best / 100)) : null,
                Number("equity_at_exit") is { } after && Number("equity_at_entry") is { } before and > 0 ? after / before : 1);
        }

        private static DateTimeOffset Instant(JsonNode text) => DateTimeOffset.Parse(text.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }
}
