using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Schedules;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.App;

/// <summary>One line of a checklist.</summary>
/// <param name="Stage">The stage, 0 to 7.</param>
/// <param name="Line">What must hold.</param>
/// <param name="Holds">Whether it does; null where the line is about something that this strategy does not have.</param>
/// <param name="Evidence">What was found.</param>
internal sealed record CheckedLine(int Stage, string Line, bool? Holds, string Evidence);

/// <summary>The operator's checklists of spec 04 §4.20, each line looked up where the fact lies and not in what a step said of itself.</summary>
/// <param name="platform">The store.</param>
/// <param name="run">The run they are about; null where there has been none.</param>
/// <param name="nowUtc">Now.</param>
internal sealed class LifecycleChecklist(Platform platform, RunView? run, DateTimeOffset nowUtc)
{
    /// <summary>The last stage.</summary>
    public const int LastStage = 7;

    private const string NoRun = "no lifecycle run yet";

    /// <summary>The lines of a stage.</summary>
    public async Task<IReadOnlyList<CheckedLine>> OfStageAsync(int stage, CancellationToken ct)
    {
        List<CheckedLine> lines = [];
        void Line(string line, bool? holds, string evidence) => lines.Add(new(stage, line, holds, evidence));
        switch (stage)
        {
            case 0:
                await BootstrapAsync(Line, ct);
                break;
            case 1:
                await AlignAsync(Line, ct);
                break;
            case 2:
                await TrainAsync(Line, ct);
                break;
            case 3:
                Forecast(Line);
                break;
            case 4:
                await BacktestAsync(Line, ct);
                break;
            case 5:
                await ApproveAsync(Line, ct);
                break;
            case 6:
                await DeployAsync(Line, ct);
                break;
            default:
                await MonitorAsync(Line, ct);
                break;
        }

        return lines;
    }

    private delegate void Note(string line, bool? holds, string evidence);

    private async Task BootstrapAsync(Note line, CancellationToken ct)
    {
        int migrations = await platform.Rows.FirstAsync<int>("select count(*) from migrations", null, ct);
        line("the store answers", migrations > 0, $"{Text(migrations)} migrations on {platform.Rows.Dialect.Name}");
        IReadOnlyList<BarSnapshot> stored = await platform.Bars.ListAsync(ct);
        long bars = stored.Sum(s => s.Bars);
        line("bars are stored", bars > 0, $"{Text(bars)} bars in {Text(stored.Count)} series");
        StepRun? seeding = StepOf("bootstrap");
        line("seeding ended without error", seeding?.Status == StepStatus.Succeeded, seeding is null ? NoRun : StateOf(seeding));
    }

    private async Task AlignAsync(Note line, CancellationToken ct)
    {
        line("macro series are current", null, "this release keeps no macro series");
        if (run?.State.Request.Parameters["ticker"]?.GetValue<string>() is not { } ticker)
        {
            line("the latest bar is of the last trading day", false, NoRun);
            return;
        }

        Instrument instrument = Instrument.Of(Symbol.Parse(ticker));
        BarSnapshot? snapshot = (await platform.Bars.ListAsync(ct)).Where(s => s.Symbol == instrument.Symbol).MaxBy(s => s.LastStartUtc);
        DateOnly due = instrument.Calendar.LastCompletedSession(nowUtc).Date;
        if (snapshot is null)
        {
            line("the latest bar is of the last trading day", false, $"no bars of {ticker}");
            return;
        }

        HashSet<DateOnly> days = [.. platform.Bars.Read(snapshot.Id, ct).StartUtcUs.Select(us => DayOf(us, snapshot.Interval, instrument.Calendar))];
        line("the latest bar is of the last trading day", days.Max() >= due, $"{ticker} to {Day(days.Max())}, last trading day {Day(due)}");
        int longest = 0, missing = 0;
        DateOnly at = default;
        foreach (Session session in instrument.Calendar.Sessions(days.Min(), days.Max()))
        {
            missing = days.Contains(session.Date) ? 0 : missing + 1;
            (longest, at) = missing > longest ? (missing, session.Date) : (longest, at);
        }

        line("no gap is longer than a session", longest <= 1, longest == 0 ? "none" : $"{Text(longest)} sessions up to {Day(at)}");
    }

    private async Task TrainAsync(Note line, CancellationToken ct)
    {
        Approval? approval = await ApprovalAsync(ct);
        EvidenceFile? summary = approval?.Subject.Evidence.FirstOrDefault(f => Path.GetFileName(f.Path).StartsWith("summary_", StringComparison.Ordinal));
        line("the forecast table exists", null, "bi_dashboard_unified.csv belongs to the forecast strategies");
        line("the summary exists", summary is not null && File.Exists(Path.Combine(platform.Data.Root, summary.Path)), summary?.Path ?? "no evidence yet");
        line("a vote was asked for", approval is not null, approval is null ? "no request yet" : $"{approval.Id} stands at {approval.Status}");
        line("gates are listed", approval?.Gates.Count > 0, $"{Text(approval?.Gates.Count ?? 0)} gates");
    }

    private void Forecast(Note line)
    {
        StepRun? forecast = StepOf("forecast");
        JsonArray files = forecast?.Outputs?["files"] as JsonArray ?? [];
        string[] gone = [.. files.Select(f => f!.GetValue<string>()).Where(f => !File.Exists(Path.Combine(platform.Data.Root, f)))];
        line("predictions of the newest bars are there", files.Count > 0 && gone.Length == 0,
            forecast is null ? NoRun : files.Count == 0 ? StateOf(forecast) : gone.Length > 0 ? $"{gone[0]} is missing" : $"{Text(files.Count)} models, {forecast.Outputs!["rows"]} rows each");
        bool isUndrawn = run?.State.Request.Pins[EvidenceStep.NoPicturesPin] is not null;
        string[] pictures = Directory.Exists(Production) ? Directory.GetFiles(Production, "*.png") : [];
        line("pictures are there, or were not wanted", isUndrawn || pictures.Length > 0, isUndrawn ? "--no-png" : $"{Text(pictures.Length)} pictures");
        line("63 pictures and rows of the forecast models", null, "they belong to the forecast strategies");
    }

    private async Task BacktestAsync(Note line, CancellationToken ct)
    {
        Approval? approval = await ApprovalAsync(ct);
        string? folder = StepOf("evidence")?.Outputs?["bundle"]?.GetValue<string>();
        if (approval is null || folder is null)
        {
            line("trades agree with the summary", false, "no evidence yet");
            line("the hash matches", false, "no evidence yet");
            return;
        }

        string root = Path.Combine(platform.Data.Root, folder);
        string? summaryFile = Directory.Exists(root) ? Directory.GetFiles(root, "summary_*.json").FirstOrDefault() : null;
        string? tradesFile = Directory.Exists(root) ? Directory.GetFiles(root, "trades_*.json").FirstOrDefault() : null;
        string? wrong = summaryFile is null || tradesFile is null ? $"{folder} has no summary or no trades" : Disagreement(JsonNode.Parse(File.ReadAllText(summaryFile))!, JsonNode.Parse(File.ReadAllText(tradesFile))!);
        line("trades agree with the summary", wrong is null, wrong ?? "count, final equity and the chain from trade to trade");
        try
        {
            string hash = new EvidenceStore(platform.Data).Read(folder).BundleHash.Hex;
            line("the hash matches", hash == approval.Subject.BundleHash, hash == approval.Subject.BundleHash ? hash : $"{hash}, asked for a vote on {approval.Subject.BundleHash}");
        }
        catch (ProblemException e)
        {
            line("the hash matches", false, e.Problem.Message);
        }
    }

    private async Task ApproveAsync(Note line, CancellationToken ct)
    {
        Approval? approval = await ApprovalAsync(ct);
        bool isDecided = approval is { Status: not ApprovalStatus.PendingApproval, DecidedBy: not null, DecidedUtc: not null };
        line("the decision has an actor and a time", isDecided, approval is null ? "no request yet"
            : isDecided ? $"{approval.Status} by {approval.DecidedBy} at {UtcText.Format(approval.DecidedUtc!.Value)}" : "it is pending");
    }

    private async Task DeployAsync(Note line, CancellationToken ct)
    {
        Approval? approval = await ApprovalAsync(ct);
        JsonNode? summary = Api.JsonReading.File(Path.Combine(Production, "summary.json")), status = Api.JsonReading.File(Path.Combine(Production, "deploy_status.json"));
        bool isOurs = summary?["strategy_id"]?.GetValue<string>() == approval?.Subject.StrategyId && approval is not null;
        DateTimeOffset? made = At(summary, "generated_at"), began = At(status, "started_at");
        line("summary.json is of this deployment", isOurs && made >= began?.AddSeconds(-1), summary is null ? "there is none" : !isOurs ? "it is of another strategy" : $"written {made:u}, deployment begun {began:u}");
        string trades = approval is null ? "" : Path.Combine(Production, ProductionFiles.TradesOf(approval));
        line("trades are there", File.Exists(trades), approval is null ? "no request yet" : Path.GetRelativePath(platform.Data.Root, trades));
        int seeded = approval is null ? 0 : await platform.Rows.FirstAsync<int>("select count(*) from pack_executions where strategy_id = @StrategyId", new { approval.Subject.StrategyId }, ct);
        line("tables are filled", seeded > 0 ? true : null, seeded > 0 ? $"{Text(seeded)} rows in pack_executions" : "nobody asked for it: 'pipeline --seed-db'");
        line("its workflows are unpaused", null, "no schedule belongs to a pack model");
    }

    private async Task MonitorAsync(Note line, CancellationToken ct)
    {
        IReadOnlyDictionary<string, SchedulePause> pauses = await platform.Schedules.PausesAsync(ct);
        List<string> late = [], paused = [];
        int current = 0;
        foreach (WorkflowFile file in platform.Workflows.List().DistinctBy(f => f.Id))
        {
            ParseResult<WorkflowDefinition> parsed = platform.Workflows.Parse(file.Path);
            if (!parsed.IsOk || parsed.Value.Schedule is not { } schedule)
            {
                continue;
            }

            if (parsed.Value.Awaits is not null || schedule.Paused is not null || pauses.ContainsKey(file.Id))
            {
                paused.Add(file.Id);
                continue;
            }

            // The last fire that was due must have its run.
            FireTime? due = FireTimes.Between(schedule, nowUtc.AddDays(-40), nowUtc).LastOrDefault();
            bool ran = due is null || (await platform.Schedules.FiresAsync(file.Id, 50, ct)).Any(f => f.FireUtc == due.AtUtc && f.RunId is not null);
            current += ran ? 1 : 0;
            if (!ran)
            {
                late.Add($"{file.Id} of {due!.AtUtc:u}");
            }
        }

        line("the last run of each schedule is within its period", late.Count > 0 ? false : current > 0 ? true : null,
            late.Count > 0 ? string.Join(", ", late) : $"{Text(current)} current, {Text(paused.Count)} paused");
        IReadOnlyList<Sigmatiq.Store.Outbox.DeliveryView> open = await platform.Deliveries.ListAsync(all: false, 1_000, ct);
        int givenUp = open.Count(d => d.Status == "given_up");
        line("no alert was given up", givenUp == 0, $"{Text(givenUp)} given up, {Text(open.Count - givenUp)} on their way");
        List<string> tripped = [];
        int read = 0;
        foreach (Deployment deployment in (await platform.Deployments.ListAsync(ct)).Where(d => d.IsActive))
        {
            if (await platform.Rows.FirstOrDefaultAsync<string>(
                "select body from guardrail_readings where deployment_id = @Id order by evaluated_utc desc limit 1", new { deployment.Id }, ct) is { } body)
            {
                read++;
                tripped.AddRange((JsonNode.Parse(body)?["readings"] as JsonArray ?? []).Where(r => r?["tripped"]?.GetValue<bool>() == true).Select(r => $"{r!["guardrail"]} of {deployment.Id}"));
            }
        }

        line("no guardrail is tripped", tripped.Count > 0 ? false : read > 0 ? true : null, tripped.Count > 0 ? string.Join(", ", tripped) : $"{Text(read)} deployments read");
    }

    private static string? Disagreement(JsonNode summary, JsonNode trades)
    {
        JsonNode? own = summary["strategies"]?[summary["strategy_id"]!.GetValue<string>()];
        JsonArray list = trades["trades"]!.AsArray();
        int said = trades["summary"]!["total_trades"]!.GetValue<int>();
        int closed = list.Count(t => t!["exit_timestamp"] is not null);
        if (said != list.Count && said != closed)
        {
            return $"{Text(said)} trades are said, {Text(list.Count)} listed";
        }

        for (int i = 1; i < list.Count; i++)
        {
            if (!Near(list[i - 1]!["equity_at_exit"], list[i]!["equity_at_entry"]))
            {
                return $"the equity after trade {Text(i)} is not that before trade {Text(i + 1)}";
            }
        }

        return own is null ? "the summary has no figures of its strategy"
            : list.Count > 0 && !Near(own["final_equity"], list[^1]!["equity_at_exit"]) ? "the final equity is not that after the last trade" : null;
    }

    private static bool Near(JsonNode? a, JsonNode? b) =>
        a is not null && b is not null && Math.Abs(a.GetValue<double>() - b.GetValue<double>()) <= 1e-6 * Math.Max(1, Math.Abs(b.GetValue<double>()));

    private static DateOnly DayOf(long us, Interval interval, ISessionCalendar calendar)
    {
        DateTimeOffset at = DateTimeOffset.UnixEpoch.AddTicks(us * 10);
        return DateOnly.FromDateTime(interval == Interval.Day1 ? at.UtcDateTime : TimeZoneInfo.ConvertTime(at, calendar.Zone).DateTime);
    }

    private static DateTimeOffset? At(JsonNode? node, string field) =>
        DateTimeOffset.TryParse(node?[field]?.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : null;

    private static string StateOf(StepRun step) => step.Reason is { } reason ? $"{StepJson.NameOf(step.Status.ToString())}: {reason}" : StepJson.NameOf(step.Status.ToString());

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private string Production => Path.Combine(platform.Data.Public, "data", "production");

    private StepRun? StepOf(string name) => run is not null && run.State.Definition.Has(name) ? run.State.Step(name) : null;

    private async Task<Approval?> ApprovalAsync(CancellationToken ct) => run is null ? null : await platform.Approvals.OfRunAsync(run.State.Id.Value, ct);
}
