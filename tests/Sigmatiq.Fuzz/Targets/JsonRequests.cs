using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Learning;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Fuzz.Targets;

/// <summary>Requests for models, sweeps and trainings, from bytes to a checked plan.</summary>
internal sealed class JsonRequests : IFuzzTarget
{
    private readonly Pack pack = new PackLibrary(Path.Combine(FuzzTargets.Home, "packs")).Load("swingsigma@1.1.0");
    private readonly ModelConfig model;

    public JsonRequests() =>
        model = ModelBuilder.Build(ModelBuilder.Default(pack, "SPY", "operator", []), pack, DateTimeOffset.UnixEpoch).Value.Config;

    public string Name => "json-requests";

    public IReadOnlyList<string> Corpus { get; } =
    [
        """
        { "model_id": "spy_swing", "sweep_type": "simple", "date_range": { "start": "2022-01-01", "end": "2023-12-31" },
          "parameters": { "thresholds": [0.5, 0.55, 0.6, 0.65, 0.7], "allowed_hours": ["all_day", "morning_only", "afternoon_only"], "position_size_pct": [1, 2, 3] },
          "quality_gates": { "min_trades": 30, "min_sharpe": 0.7, "max_drawdown_pct": 25, "min_win_rate": 40 }, "tag": "first", "seed": 42, "holdout": 0.2 }
        """,
        """
        { "model_id": "spy_swing", "sweep_type": "custom", "parameters": { "thresholds": [0.45, 0.5], "allowed_hours": [[9, 10], "all_day"], "rsi_period": [14, 21, 28],
          "stop_loss_pct": [4, "none"], "take_profit_pct": [12, 16], "trailing_stop_pct": [3, 5] }, "on_cap_exceeded": "sample", "holdout": "after" }
        """,
        """
        { "model_id": "spy_swing_momentum_v1", "pack_id": "swingsigma", "user_id": "user_12345", "name": "SPY Momentum Swing", "description": "mine", "instrument": "stocks",
          "ticker": "SPY", "strategy_id": "momentum_swing", "selected_indicators": ["rsi", "macd", "adx", "ema_20", "ema_50", "bollinger_bands", "volume_ma"],
          "selected_features": ["rsi_divergence", "macd_cross"], "risk_profile": "balanced", "parameter_overrides": { "rsi_period": 21, "stop_loss_pct": 6 } }
        """,
        """
        { "algorithm": "xgboost", "n_estimators": 200, "max_depth": 5, "learning_rate": 0.01, "validation_method": "time_series_split", "test_size": 0.2,
          "calibration": "sigmoid", "tune": false, "hyperparameters": { "subsample": 0.8 } }
        """,
    ];

    public IReadOnlyList<string> Words { get; } =
    [
        "model_id", "sweep_type", "simple", "custom", "parameters", "thresholds", "allowed_hours", "position_size_pct", "rsi_period", "stop_loss_pct", "holdout", "after", "seed",
        "tag", "quality_gates", "date_range", "pack_id", "ticker", "selected_indicators", "parameter_overrides", "algorithm", "max_depth", "test_size", "tune", "hyperparameters",
        "null", "[]", "{}", "\"\"", "-1", "1e400", "true", "0.5", "9223372036854775808",
    ];

    public bool Read(string text)
    {
        JsonNode? json;
        try
        {
            json = JsonText.Parse(text);
        }
        catch (JsonException e)
        {
            throw new ProblemException("APP-2011", e.Message);
        }

        if (json is not JsonObject map)
        {
            SweepRequest.Parse(json);
            ModelRequest.Parse(json);
            return false;
        }

        if (map.ContainsKey("sweep_type"))
        {
            // The plan counts combos; none are made, so that a grid of a billion costs nothing.
            _ = SweepPlan.Of(SweepRequest.Parse(map).Value, pack, model, Plan.Unlimited, NyseCalendar.Instance).Value.Grid.Size;
        }
        else if (map.ContainsKey("pack_id"))
        {
            ModelBuilder.Build(ModelRequest.Parse(map).Value, pack, DateTimeOffset.UnixEpoch).Value.Config.ToJson();
        }
        else
        {
            TrainingParameters.Parse(map);
        }

        return true;
    }

    public void Dispose()
    {
    }
}
