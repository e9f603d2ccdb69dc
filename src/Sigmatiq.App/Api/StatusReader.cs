using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Pages;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Api;

/// <summary>Reads the status page out of the rooms: the latest lifecycle run and all that belongs to it.</summary>
internal sealed class StatusReader(Platform platform)
{
    private readonly EvidenceReader evidence = new(platform.Data);

    /// <summary>Reads the page for a person.</summary>
    public async Task<StatusView> ReadAsync(string person, CancellationToken ct)
    {
        DateTimeOffset now = platform.Clock.GetUtcNow();
        if (await LatestAsync(ct) is not { } id)
        {
            return new(now, person);
        }

        RunView run = await platform.Engine.Views.ShowAsync(id, ct);
        Approval? approval = await platform.Approvals.OfRunAsync(id.Value, ct);
        Deployment? deployment = (await platform.Deployments.ListAsync(ct)).FirstOrDefault(d => d.RunId == id.Value);
        SweepView? sweep = await JudgedAsync(SweepReader.Read(platform.Data, run), ct);
        EvidenceView? shown = approval is null ? null : evidence.Read(approval, run, ct);
        return new(now, person, RunOf(run, approval, sweep, shown), DataOf(run), sweep, shown,
            approval is null ? null : ApprovalReader.Read(approval), deployment is null ? null : await DeploymentOfAsync(deployment, ct));
    }

    // Beside what the sweep wrote stands what the ledger knows now.
    private async Task<SweepView?> JudgedAsync(SweepView? shown, CancellationToken ct)
    {
        if (shown is null || await platform.Rows.FirstOrDefaultAsync<string>("select status from sweeps where sweep_id = @Id", new { shown.Id }, ct) != "completed")
        {
            return shown;
        }

        StoredSweep stored = await platform.Sweeps.Store.LoadAsync(shown.Id, ct);
        JudgedLeaderboard judged = JudgedLeaderboard.Of(stored, await platform.Trials.DeflationAsync(stored, ct), new Dictionary<int, IReadOnlySet<(int, int)>>());
        Dictionary<int, JudgedRow> rows = judged.Rows.ToDictionary(r => r.Row.ComboId);
        return shown with
        {
            Doubt = judged.Words(), Confidence = ConfidenceSkills.Sentence(stored), RanksNoise = stored.Skill is { } skill && !ConfidenceSkills.HasSkill(skill),
            Rows = [.. shown.Rows.Select(r => rows.TryGetValue(r.Combo, out JudgedRow? row)
                ? r with { SharpeLow = row.Row.SharpeLow, SharpeHigh = row.Row.SharpeHigh, Deflated = row.Deflated?.Value, BreakEvenBps = row.Robust.BreakEvenBps }
                : r)],
        };
    }

    // What waits for a person comes before what was started later.
    private async Task<RunId?> LatestAsync(CancellationToken ct)
    {
        IReadOnlyList<RunSummary> runs = await platform.Engine.Views.ListAsync("lifecycle", 50, ct);
        RunSummary? shown = runs.FirstOrDefault(r => r.Status == "waiting") ?? runs.FirstOrDefault();
        return shown is null ? null : new RunId(shown.Id);
    }

    private static LifecycleView RunOf(RunView run, Approval? approval, SweepView? sweep, EvidenceView? shown)
    {
        (Mark mark, string word) = RunStages.StateOf(run);
        JsonObject parameters = run.State.Request.Parameters;
        string title = approval?.Subject.StrategyName ?? parameters.Text("ticker") ?? run.State.Definition.Id;
        string Fact(string stage) => stage switch
        {
            "Bootstrap" when OutputsOf(run, "bootstrap").Number("packs") is { } packs => $"{PageText.Count((long)packs)} packs, {PageText.Count((long?)OutputsOf(run, "bootstrap").Number("synthetic_symbols"))} sample symbols",
            "Forecast" when OutputsOf(run, "forecast").Number("rows") is { } rows => $"{PageText.Count((long)rows)} shadow forecasts",
            "Data" when Day(OutputsOf(run, "align").Text("last_session")) is { } to => $"to {PageText.Date(to)}",
            "Train" when sweep is not null => $"{sweep.Passed} of {sweep.Evaluated} combos pass",
            "Backtest" when shown is not null => $"{shown.Gates.Count(g => g.State == Mark.Ok)} of {shown.Gates.Count} gates pass",
            "Approve" when approval?.DecidedBy is { } by => $"{(approval.Status == ApprovalStatus.Rejected ? "rejected" : "approved")} by {by}",
            "Deploy" when approval?.Subject.Target is { } target => $"to {target}",
            _ => "",
        };
        return new(run.Summary.Id, title, $"{run.Summary.Workflow}@{run.Summary.Version}", parameters.Text("pack") ?? "", mark, word, run.Summary.RequestedAtUtc,
            [.. RunStages.Of(run, Fact).Select(s => Judged(s, shown))], run.State.Status is RunStatus.Failed or RunStatus.Paused or RunStatus.SetAside ? run.Summary.Reason : null);
    }

    // Evidence that a gate refuses is done, but not well.
    private static StageView Judged(StageView stage, EvidenceView? shown) =>
        stage is { Name: "Backtest", State: Mark.Ok } && shown?.Gates.Any(g => g.State != Mark.Ok) == true ? stage with { State = Mark.Caution } : stage;

    private DataView? DataOf(RunView run)
    {
        string ticker = run.State.Request.Parameters.Text("ticker") ?? "";
        JsonNode? aligned = OutputsOf(run, "align");
        // Known by its name before the data are aligned, so that no page of a synthetic run is ever without the label.
        bool isSynthetic = aligned.Truth("synthetic") ?? ticker.EndsWith(".SYN", StringComparison.Ordinal);
        return ticker.Length == 0 ? null : new(isSynthetic, isSynthetic ? MarketSimulator.PlantedEffectText : null, ticker, aligned.Text("interval"),
            Day(aligned.Text("first_session")), Day(aligned.Text("last_session")), aligned.Text("snapshot"));
    }

    private async Task<DeploymentView> DeploymentOfAsync(Deployment deployment, CancellationToken ct)
    {
        string? readings = await platform.Rows.FirstOrDefaultAsync<string>(
            "select body from guardrail_readings where deployment_id = @Id order by evaluated_utc desc limit 1", new { deployment.Id }, ct);
        JsonNode? read = readings is null ? null : JsonNode.Parse(readings);
        JsonArray list = read as JsonArray ?? read.List("readings");
        return new(deployment.Id, deployment.Mode,
            [
                new("State", deployment.Status.Replace('_', ' ')),
                new("Paper session", $"{Date(deployment.PaperStartUtc)} to {Date(deployment.PaperEndUtc)}"),
                new("Earliest live date", Date(deployment.LiveDateUtc), "not a promise"),
                new("Alerts", $"{deployment.Settings.AlertFrequency.Replace('_', ' ')}, at most {deployment.Settings.MaxAlertsPerDay} a day"),
                new("Refitted model", PageText.Short(deployment.ArtifactHash)),
            ],
            [.. list.Select(g => new GateView(
                (g.Text("guardrail") ?? "").Replace('_', ' '), $"trips at {g.Number("limit")?.ToString(CultureInfo.InvariantCulture)}",
                g.Number("value")?.ToString("0.####", CultureInfo.InvariantCulture) ?? "no trades yet", g.Truth("tripped") == true ? Mark.Bad : Mark.Ok,
                WithoutSkill: g.Text("action") ?? ""))]);
    }

    internal static JsonNode? OutputsOf(RunView run, string step) => run.State.Steps.FirstOrDefault(s => s.Spec.Name == step)?.Outputs;

    private static DateOnly? Day(string? text) =>
        text is { Length: >= 10 } && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;

    private static string Date(DateTimeOffset at) => PageText.Date(DateOnly.FromDateTime(at.UtcDateTime));
}
