namespace Sigmatiq.Workflows.Steps;

/// <summary>Step kinds of the forecast and data workflows (04 §4.12–4.14) that are named before they are built. Whoever builds one
/// takes its line out.</summary>
public static class AnnouncedKinds
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<AnnouncedKind> All { get; } =
    [
        new("desk.h1_branch", "Decide whether this fire of the H1 executor places, trails or closes"),
        new("desk.h1_close", "Close the H1 session"),
        new("desk.h1_place", "Place the H1 order of the day"),
        new("desk.h1_trail", "Feed new bars to the H1 trail"),
        new("desk.h5_branch", "Decide whether this fire of the H5 executor enters, monitors or closes"),
        new("desk.h5_close", "Close the H5 week"),
        new("desk.h5_entry", "Enter the H5 position of the week"),
        new("desk.h5_monitor", "Hold the H5 position against its take profit and hard stop"),
        new("forecast.alert_summary", "Send the summary of a week"),
        new("forecast.collapse_check", "Refuse forecasts that have collapsed to one value"),
        new("forecast.ensemble", "Join the forecasts of several models into one signal"),
        new("forecast.evaluate_signal", "Judge the signal of the trading day before by the close"),
        new("forecast.features", "Compute the features of the forecast models"),
        new("forecast.fit", "Fit the forecast models on an expanding window"),
        new("forecast.gates", "Judge a strategy by its promotion gates"),
        new("forecast.guardrails", "Judge a strategy by its guardrails"),
        new("forecast.latest_forecast", "Read the latest forecast and refuse one that is too old"),
        new("forecast.leverage", "Derive leverage from realised volatility"),
        new("forecast.load_models", "Load the newest fitted forecast models"),
        new("forecast.load_week", "Load what the closed week did"),
        new("forecast.metrics", "Compute the metrics of a strategy's trades"),
        new("forecast.persist_evaluation", "Store an evaluation"),
        new("forecast.predict", "Predict with the newest features"),
        new("forecast.realised_volatility", "Measure realised volatility"),
        new("forecast.running_stats", "Bring the running statistics of a strategy up to date"),
        new("forecast.save_models", "Store fitted models with their scaler and feature list"),
        new("forecast.stop_criteria", "Judge whether a strategy must stop"),
        new("forecast.stops", "Set hard stop and take profit"),
        new("forecast.tier_multiplier", "Scale leverage by the tier of the signal"),
        new("forecast.trailing", "Set the parameters of the trailing stop"),
        new("forecast.training_summary", "Summarise a training"),
        new("forecast.upsert_predictions", "Store predictions"),
        new("forecast.upsert_signal", "Store or update a signal"),
        new("forecast.validate_data", "Refuse stale data and a broken configuration"),
        new("forecast.walk_forward_table", "Tabulate directional accuracy of a walk forward"),
        new("market.day_check", "Say whether a day is a trading day, unless the run is forced"),
        new("market.fill_gaps", "Fill gaps in stored bars"),
        new("market.fill_macro", "Fill the history of the macro sources"),
        new("market.find_gaps", "Find gaps in stored bars"),
        new("market.pull_bars", "Pull new bars from their source"),
        new("market.pull_macro", "Pull what the macro sources have published"),
        new("pipeline.backtest_phase", "Run the backtest phase of a strategy"),
        new("pipeline.ready_for_review", "Say that a strategy is ready for review"),
        new("pipeline.report_metrics", "Report the metrics of a backtest"),
        new("pipeline.validate_files", "Check the files that a backtest wrote"),
    ];
}
