using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.App.Commands;
using Sigmatiq.App.Pages;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Api;

/// <summary>Reads the first page of the studio out of the rooms.</summary>
internal sealed class OverviewReader(Platform platform)
{
    private const int StrategiesMax = 20, LinesMax = 8, LifecycleRunsRead = 100, OpenRunsRead = 200;
    private static readonly TimeSpan Recently = TimeSpan.FromHours(24);
    private static readonly ISessionCalendar Exchange = NyseCalendar.Instance;

    // A journal is folded once for each event that it holds, however many pages ask.
    private readonly ConcurrentDictionary<string, (long Seq, string? Decision, StrategyStages Row)> board = new(StringComparer.Ordinal);

    /// <summary>Reads it for a person.</summary>
    public async Task<Overview> ReadAsync(OverviewPerson person, CancellationToken ct)
    {
        DateTimeOffset now = platform.Clock.GetUtcNow();
        IReadOnlyList<Approval> approvals = await platform.Approvals.ListAsync(ct);
        Approval[] pending = [.. approvals.Where(a => a.Status == ApprovalStatus.PendingApproval)];
        IReadOnlyList<RunSummary> open = await platform.Engine.Views.OpenAsync(OpenRunsRead, ct);
        RunTally tally = await platform.Engine.Views.TallyAsync(now - Recently, ct);
        IReadOnlyList<ListedWorkflow> workflows = await ListedWorkflow.AllAsync(platform, platform.Workflows, ct);
        Approval[] own = await OwnAsync(pending, person, ct);
        IReadOnlyList<WaitingItem> waits = [.. Votes(own), .. Held(open, person), .. Broken(workflows, person)];
        IReadOnlyList<StrategyStages> strategies = [.. (await StrategiesAsync(approvals, ct)).Select(s => SeenBy(s, own))];
        RunSummary[] running = [.. open.Where(r => r.Status == "running").OrderBy(r => r.RequestedAtUtc)];
        OverviewCounts counts = new(
            waits.Count, own.Length, (int)tally.Running, (int)tally.Queued, (int)tally.Failed, (int)tally.Completed, running.Length > 0 ? running[0].RequestedAtUtc : null);
        return new(
            now, person, counts,
            strategies.Count == 0 ? null : new(strategies.Any(s => s.IsSynthetic), strategies.Any(s => s.IsSynthetic) ? MarketSimulator.PlantedEffectText : null),
            MarketAt(now), strategies, [.. waits.Take(LinesMax)], await RunningAsync(running, ct),
            [.. (await platform.Engine.Views.FailedSinceAsync(now - Recently, LinesMax, ct)).Select(r => LineOf(r, r.Reason, null))], Fires(workflows));
    }

    /// <summary>The session that is on, or the next one.</summary>
    internal static OverviewMarket MarketAt(DateTimeOffset now)
    {
        DateOnly today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Exchange.Zone).DateTime);
        IReadOnlyList<Session> sessions = Exchange.Sessions(today, today.AddDays(14));
        Session? on = sessions.Where(s => s.OpenUtc <= now && now < s.CloseUtc).Select(s => (Session?)s).FirstOrDefault();
        Session? next = sessions.Where(s => s.OpenUtc > now).Select(s => (Session?)s).FirstOrDefault();
        return new(Exchange.Id, Exchange.Zone.Id, on is not null, on?.CloseUtc ?? next?.OpenUtc, on?.OpenUtc);
    }

    // What waits for a vote of this person; under strict four eyes that is not everything whoever may vote sees.
    private async Task<Approval[]> OwnAsync(IEnumerable<Approval> pending, OverviewPerson person, CancellationToken ct)
    {
        List<Approval> own = [];
        foreach (Approval approval in pending)
        {
            if (await platform.Approvals.HasVoteAsync(approval, person.Id, ct))
            {
                own.Add(approval);
            }
        }

        return [.. own];
    }

    // The board is kept for everybody; whose vote it waits for differs by who looks.
    internal static StrategyStages SeenBy(StrategyStages row, Approval[] own)
    {
        bool IsOthers(StageCell cell) => cell.Vote is { } vote && own.All(a => a.Id != vote);
        return !row.Stages.Any(IsOthers) ? row : row with
        {
            StateWord = RunStages.WaitsForOthers, Stages = [.. row.Stages.Select(c => IsOthers(c) ? c with { Word = RunStages.OthersVote, IsOthers = true } : c)],
        };
    }

    private static IEnumerable<WaitingItem> Votes(IEnumerable<Approval> pending) => pending.OrderBy(a => a.Subject.ExpiresUtc).Select(a =>
    {
        GateView[] gates = [.. a.Gates.Select(EvidenceReader.GateOf)];
        return new WaitingItem("vote", $"Vote on {a.Subject.StrategyName}",
            $"{gates.Count(g => g.State == Mark.Ok)} of {gates.Length} gates pass, vote 1 says {a.Recommendation.ToString().ToLowerInvariant()}", a.Id, a.CreatedUtc,
            a.Subject.ExpiresUtc);
    });

    private static IEnumerable<WaitingItem> Held(IEnumerable<RunSummary> open, OverviewPerson person) => open.Where(r => May(person, Right.Run) && r.Status is ("paused" or "set_aside")).OrderBy(r => r.ChangedAtUtc).Select(r =>
        new WaitingItem(r.Status, $"{r.Workflow} is {(r.Status == "paused" ? "paused" : "set aside")}", r.Reason ?? "", r.Id, r.ChangedAtUtc, null));

    private static IEnumerable<WaitingItem> Broken(IEnumerable<ListedWorkflow> workflows, OverviewPerson person) => workflows.Where(w => May(person, Right.Run) && w.Problems.Count > 0).Select(w =>
        new WaitingItem("workflow", $"{w.File.Id} {w.File.Version} cannot run", w.Problems[0].Message, w.File.Id, null, null));

    private static bool May(OverviewPerson person, Right right) => Roles.RightsOf(person.Role).Contains(right);

    private static FireLine[] Fires(IEnumerable<ListedWorkflow> workflows) =>
    [
        .. workflows.Where(w => w is { Next: not null, Paused: null, Schedule: not null }).OrderBy(w => w.Next).Take(LinesMax)
            .Select(w => new FireLine(w.File.Id, w.Next!.Value, w.Schedule!.Zone.Id, w.Schedule.Summary)),
    ];

    private static RunLine LineOf(RunSummary run, string? note, double? share) =>
        new(run.Id, run.Workflow, JsonNode.Parse(run.Parameters).Text("ticker"), run.Status, note, run.RequestedAtUtc, run.EndedAtUtc, share);

    private async Task<IReadOnlyList<RunLine>> RunningAsync(IEnumerable<RunSummary> running, CancellationToken ct)
    {
        List<RunLine> lines = [];
        foreach (RunSummary run in running.Take(LinesMax))
        {
            AttemptView? now = (await platform.Engine.Views.AttemptsAsync(new(run.Id), ct)).LastOrDefault(a => a.Status == "running");
            string? note = now is null ? null : now.ProgressText is { } text ? $"{now.Step}, {text}" : now.Step;
            lines.Add(LineOf(run, note, now is { ProgressTotal: > 0 } ? Math.Clamp((double)now.ProgressDone / now.ProgressTotal, 0, 1) : null));
        }

        return lines;
    }

    // One row for each instrument, pack and set of parameters: at the run that waits for a person, else at the newest.
    private async Task<IReadOnlyList<StrategyStages>> StrategiesAsync(IReadOnlyList<Approval> approvals, CancellationToken ct)
    {
        ILookup<string, Approval> byRun = approvals.ToLookup(a => a.RunId, StringComparer.Ordinal);
        List<StrategyStages> rows = [];
        foreach (IGrouping<string, RunSummary> same in (await platform.Engine.Views.ListAsync("lifecycle", LifecycleRunsRead, ct)).GroupBy(r => r.Parameters).Take(StrategiesMax))
        {
            RunSummary run = same.FirstOrDefault(r => r.Status == "waiting") ?? same.First();
            Approval? approval = byRun[run.Id].FirstOrDefault();
            string? decision = approval is null ? null : $"{approval.Id} {approval.Status}";
            bool isMoving = run.Status == "running";
            if (isMoving || !board.TryGetValue(run.Id, out var known) || known.Seq != run.Seq || known.Decision != decision)
            {
                known = (run.Seq, decision, RowOf(await platform.Engine.Views.ShowAsync(new(run.Id), ct), approval));
                board[run.Id] = known;
            }

            rows.Add(known.Row);
        }

        return rows;
    }

    private static StrategyStages RowOf(RunView run, Approval? approval)
    {
        (Mark mark, string word) = RunStages.StateOf(run);
        JsonObject parameters = run.State.Request.Parameters;
        string ticker = parameters.Text("ticker") ?? run.State.Definition.Id, pack = parameters.Text("pack") ?? "";
        GateView[] gates = approval is null ? [] : [.. approval.Gates.Select(EvidenceReader.GateOf)];
        JsonNode? Out(string step) => StatusReader.OutputsOf(run, step);
        string Fact(string stage) => stage switch
        {
            "Bootstrap" when Out("bootstrap").Number("packs") is { } packs => $"{PageText.Count((long)packs)} packs",
            "Data" when Out("align").Text("last_session") is { Length: >= 10 } to => $"to {PageText.Dates(to[..10])}",
            "Train" when Out("train") is JsonArray { Count: > 0 } models => models.Count == 1 ? "1 model" : $"{models.Count} models",
            "Forecast" when Out("forecast").Number("rows") is { } forecasts => $"{PageText.Count((long)forecasts)} shadow",
            "Backtest" when gates.Length > 0 => approval!.Metrics.Number("sharpe") is { } sharpe ? $"Sharpe {PageText.Ratio(sharpe)}" : "hold-out",
            "Approve" when approval?.DecidedBy is { } by => $"by {by}",
            "Deploy" when approval?.Subject.Target is { } target => $"to {target}",
            _ => "",
        };
        bool isSynthetic = Out("align").Truth("synthetic") ?? ticker.EndsWith(".SYN", StringComparison.Ordinal);
        return new(approval?.Subject.StrategyName ?? ticker, ticker, pack, run.Summary.Id, mark, word, isSynthetic, [.. RunStages.Of(run, Fact).Select(s => CellOf(run, Judged(s, gates, approval), approval))]);
    }

    private static StageCell CellOf(RunView run, StageView stage, Approval? approval)
    {
        bool asks = stage is { Name: "Approve", State: Mark.Waiting } && approval is not null;
        return new(stage.Name, stage.State, stage.Word, asks ? "" : stage.Fact, stage.Share, RunStages.StepToShow(run, stage.Name), asks ? approval!.Id : null,
            asks ? approval!.Subject.ExpiresUtc : null, IsOthers: false);
    }

    // Done is not enough to say where a verdict was given.
    private static StageView Judged(StageView stage, GateView[] gates, Approval? approval) => stage switch
    {
        { Name: "Backtest", State: Mark.Ok } when gates.Length > 0 => stage with
        {
            State = gates.All(g => g.State == Mark.Ok) ? Mark.Ok : Mark.Caution, Word = $"{gates.Count(g => g.State == Mark.Ok)} of {gates.Length} pass",
        },
        { Name: "Approve", State: Mark.Ok } when approval?.Status == ApprovalStatus.Rejected => stage with { State = Mark.Bad, Word = "Rejected" },
        { Name: "Approve", State: Mark.Ok } when approval is not null => stage with { Word = "Approved" },
        _ => stage,
    };
}
