using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Pictures;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Backtest.Evidence;

/// <summary>Makes the evidence of one combo: its backtest on the hold-out, the selection window beside it, gates, trades, equity (spec 04
/// §4.17, §4.21).</summary>
/// <remarks>It knows neither the trials nor the looks of the store, so that the same content gives the same evidence in every store and at any
/// time; both stand in the request for the vote.</remarks>
public static class EvidenceMaker
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the bundle.</summary>
    /// <exception cref="ProblemException">SWS-2001: nothing was held out, or the hold-out has no bar with a confidence.</exception>
    public static EvidenceBundle Make(EvidenceRequest request)
    {
        if (!request.Window.HasHoldout)
        {
            throw new ProblemException("SWS-2001", "The sweep held nothing out, so there is no evidence to show.", "holdout",
                "Run the sweep with a hold-out, e.g. the default of 0.2.", ExitCode.DataRefused);
        }

        WindowResult selection = WindowResult.Of(request, request.SelectionConfidence, request.SelectionStart, request.Window.To);
        WindowResult holdout = WindowResult.Of(request, request.HoldoutConfidence, request.Window.HoldoutFrom, request.Window.HoldoutTo);
        BacktestRun chosen = selection.Run;
        double noSkill = request.Gates.MinWinRatePct is null
            ? double.NaN
            : NoSkillRate.Of(chosen.Bars, chosen.Options, chosen.Signals, chosen.Barriers, chosen.Size, chosen.From, chosen.To);
        VoteOne vote = VoteOne.Cast(
            request.Gates, selection.Result.Metrics, chosen.Options.PeriodsPerYear, noSkill, holdout.Result.Metrics.TotalTrades, holdout.Bootstrap,
            request.CalibrationSlope, request.Overfit);
        GateResult quality = GateResult.Of(request.Gates, selection.Result.Metrics);
        JsonObject metrics = Metrics(request, holdout, selection, quality);
        int year = holdout.Last.Year;
        Dictionary<string, string> texts = new(StringComparer.Ordinal)
        {
            [$"summary_{year}.json"] = Text(SummaryFile.Json(request.StrategyId, request.StrategyName, holdout)),
            [$"trades_{year}.json"] = Text(TradesFile.Json(request.StrategyId, request.StrategyName, holdout)),
            ["evidence.json"] = Text(Whole(request, holdout, selection, vote, quality, noSkill, metrics)),
            [$"equity_curve_{year}.svg"] = EquityPicture.Draw(request.StrategyName + (request.Bars.Bars.Symbol.IsSynthetic ? " (synthetic bars)" : ""), "Hold-out", holdout),
        };
        if (ReliabilityPicture.Draw(request.StrategyName, request.Training?["calibration_report"]) is { } reliability)
        {
            texts[$"reliability_{year}.svg"] = reliability;
        }

        Dictionary<string, ColumnSet> columns = new(StringComparer.Ordinal);
        foreach (var (name, window, confidence) in new[] { ("", holdout, request.HoldoutConfidence), ("selection_", selection, request.SelectionConfidence) })
        {
            columns[name + "trades.parquet"] = ResultColumns.Trades(window.Run.Bars, window.Result.Account, window.Run.Options.StartingCash, window.Run.To);
            columns[name + "equity.parquet"] = ResultColumns.Equity(window.Run.Bars, window.Result);
            columns[name + DecisionColumns.File] = DecisionColumns.Of(request.Bars, request.Config, confidence, window);
        }

        return new(
            request.StrategyId, request.StrategyName, year, holdout, selection, vote, quality.Status == GateStatus.Fail, metrics, texts, columns);
    }

    private static JsonObject Metrics(EvidenceRequest request, WindowResult holdout, WindowResult selection, GateResult quality)
    {
        MetricSet m = holdout.Result.Metrics;
        return new()
        {
            ["window"] = holdout.Dates, ["return_pct"] = m.TotalReturn * 100, ["sharpe"] = m.SharpeRatio, ["sharpe_low"] = m.SharpeLow,
            ["sharpe_high"] = m.SharpeHigh, ["max_dd_pct"] = m.MaxDrawdown is { } drawdown ? Math.Abs(drawdown) * 100 : null,
            ["p_value"] = holdout.Bootstrap?.PValue, ["trades"] = m.TotalTrades, ["win_rate_pct"] = m.WinRate * 100,
            ["buy_and_hold_return_pct"] = holdout.BuyAndHoldReturn * 100,
            ["selection_window"] = selection.Dates, ["selection_return_pct"] = selection.Result.Metrics.TotalReturn * 100,
            ["selection_sharpe"] = selection.Result.Metrics.SharpeRatio, ["selection_trades"] = selection.Result.Metrics.TotalTrades,
            ["score_source"] = request.HoldoutConfidence?.Source ?? "none", ["pbo"] = request.Overfit?.Value,
            ["cautions"] = new JsonArray([.. Cautions(request, holdout, quality).Select(c => (JsonNode?)c)]),
        };
    }

    private static IEnumerable<string> Cautions(EvidenceRequest request, WindowResult holdout, GateResult quality)
    {
        if (request.Bars.Bars.Symbol.IsSynthetic)
        {
            yield return "The bars are synthetic: made by the project's own simulator, with one planted effect.";
        }

        if (request.Overfit is { } overfit)
        {
            yield return OverfittingWords.Of(overfit);
        }

        if (request.CalibrationSlope is <= 0)
        {
            yield return "The trained classifier has no skill: its probability is the base rate, so the threshold lets every signal of the rules through or none.";
        }

        if (request.SelectionConfidence?.Skill is { } skill && !ConfidenceSkills.HasSkill(skill))
        {
            yield return $"The combo's threshold was picked on a confidence without skill. {ConfidenceSkills.Words(skill)}";
        }

        if (quality.Status == GateStatus.Marginal)
        {
            yield return "The combo is MARGINAL: it misses a quality gate by a tenth of its limit at most.";
        }

        if (holdout.Result.Account.Path.Tally.AmbiguousBars is > 0 and { } ambiguous)
        {
            yield return FormattableString.Invariant($"In {ambiguous} bars stop and target were both touched; the stop was taken.");
        }

        Market.Bars.BarColumns bars = request.Bars.Bars;
        foreach (string doubt in QualityDoubts.Of(request.QualityFlags, DateOnly.FromDateTime(bars.StartUtc(bars.Count - 1).UtcDateTime)))
        {
            yield return doubt;
        }
    }

    private static JsonObject Whole(
        EvidenceRequest request, WindowResult holdout, WindowResult selection, VoteOne vote, GateResult quality, double noSkill, JsonObject metrics) => new()
    {
        ["strategy_id"] = request.StrategyId, ["strategy_name"] = request.StrategyName,
        ["lineage"] = new JsonObject
        {
            ["pack"] = request.Config.Pack.Reference, ["pack_hash"] = request.Config.Pack.Hash.Hex,
            ["config_hash"] = request.Config.ConfigHash(EngineOptions.EngineVersion, request.Bars.Options.ToJson()).Hex, ["combo_id"] = request.Config.Combo.Id,
            ["data_snapshot_id"] = request.DataSnapshotId, ["symbol"] = request.Bars.Bars.Symbol.Value, ["synthetic"] = request.Bars.Bars.Symbol.IsSynthetic,
            ["artifact_hashes"] = new JsonArray([.. request.ArtifactHashes.Select(h => (JsonNode?)h)]), ["engine_version"] = EngineOptions.EngineVersion,
        },
        ["config"] = request.Config.TradingJson(), ["engine_options"] = request.Bars.Options.ToJson(),
        ["vote_1"] = new JsonObject
        {
            ["recommendation_before_trials"] = vote.Recommendation.ToString().ToUpperInvariant(), ["confidence_before_trials"] = vote.Confidence,
            ["gates"] = vote.GatesJson(),
            ["no_skill_win_rate"] = double.IsFinite(noSkill) ? noSkill : null,
            ["reads"] = "PROMOTE means that no gate objects, not that the strategy works. The gate min_deflated_sharpe counts the trials of the store, which "
                + "evidence must not depend on: it stands in the request for the vote, whose digest covers it, and can turn PROMOTE into REVIEW.",
        },
        ["overfit"] = request.Overfit?.ToJson(),
        ["gate_failed"] = quality.Status == GateStatus.Fail, ["gate_results"] = quality.ToJson(),
        ["execution_gates"] = new JsonObject
        {
            ["max_slippage_bps"] = request.Config.Model.Gates.Execution.MaxSlippageBps, ["min_volume"] = request.Config.Model.Gates.Execution.MinVolume,
            ["max_spread_pct"] = "untested",
        },
        ["metrics"] = metrics.DeepClone(),
        ["holdout"] = holdout.ToJson(),
        ["selection"] = Labelled(selection),
        ["quality_flags"] = new JsonObject(request.QualityFlags.OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => KeyValuePair.Create(f.Key, (JsonNode?)JsonValue.Create(f.Value)))),
        ["confidence"] = new JsonObject
        {
            ["selection"] = request.SelectionConfidence?.Source ?? "none", ["holdout"] = request.HoldoutConfidence?.Source ?? "none",
            ["skill"] = request.SelectionConfidence?.Skill?.DeepClone(),
        },
        ["training"] = request.Training?.DeepClone(),
    };

    private static JsonObject Labelled(WindowResult selection)
    {
        JsonObject json = selection.ToJson();
        json["label"] = "selected: the combo was chosen on this window, so its figures are biased upward; p not corrected for the trials";
        return json;
    }

    private static string Text(JsonObject json) => json.ToJsonString(Indented) + "\n";
}
