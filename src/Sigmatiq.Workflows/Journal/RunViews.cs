using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Retention;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Journal;

/// <summary>One line of a list of runs.</summary>
/// <param name="Id">The run.</param>
/// <param name="Workflow">Workflow id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Status">One of the run states of 08 §8.11.</param>
/// <param name="Reason">Why it is held, failed or was cancelled.</param>
/// <param name="RequestedBy">Who asked for it.</param>
/// <param name="RequestedAtUtc">When.</param>
/// <param name="ChangedAtUtc">When its journal last grew.</param>
/// <param name="EndedAtUtc">When it ended.</param>
/// <param name="Parameters">Its parameters, as canonical JSON.</param>
/// <param name="Seq">Number of its last event.</param>
public sealed record RunSummary(
    string Id, string Workflow, string Version, string Status, string? Reason, string RequestedBy, DateTimeOffset RequestedAtUtc,
    DateTimeOffset ChangedAtUtc, DateTimeOffset? EndedAtUtc, string Parameters, long Seq);

/// <summary>How many runs there are of a kind.</summary>
/// <param name="Running">Under way.</param>
/// <param name="Queued">Waiting for a slot.</param>
/// <param name="Failed">Failed since the instant asked for.</param>
/// <param name="Completed">Completed since the instant asked for.</param>
public sealed record RunTally(long Running, long Queued, long Failed, long Completed);

/// <summary>A workflow with its runs.</summary>
/// <param name="Workflow">Its id.</param>
/// <param name="Runs">How many it has.</param>
/// <param name="LastRun">The one that was asked for last.</param>
public sealed record RanWorkflow(string Workflow, long Runs, string LastRun);

/// <summary>One attempt as people see it.</summary>
/// <param name="Step">The step.</param>
/// <param name="Item">Item of <c>for_each</c>, from 0.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Status"><c>running, succeeded, failed, waiting, lost, crashed, cancelled</c>.</param>
/// <param name="StartedAtUtc">When it began.</param>
/// <param name="EndedAtUtc">When it ended.</param>
/// <param name="Problem">Its failure as JSON.</param>
/// <param name="ProgressDone">Units done.</param>
/// <param name="ProgressTotal">Units in all, 0 when unknown.</param>
/// <param name="ProgressText">What is being done.</param>
/// <param name="SignAtUtc">When it last said anything of itself; null before it has.</param>
public sealed record AttemptView(
    string Step, int Item, int Attempt, string Status, DateTimeOffset StartedAtUtc, DateTimeOffset? EndedAtUtc, string? Problem,
    long ProgressDone, long ProgressTotal, string? ProgressText, DateTimeOffset? SignAtUtc = null)
{
    /// <summary>How long a running attempt has said nothing; zero once it has ended.</summary>
    public TimeSpan SilentFor(DateTimeOffset nowUtc) => EndedAtUtc is null ? nowUtc - (SignAtUtc ?? StartedAtUtc) : TimeSpan.Zero;
}

/// <summary>One line that a step wrote.</summary>
public sealed record LogLine(long LineId, string Step, int Item, int Attempt, DateTimeOffset AtUtc, string Line);

/// <summary>A run with everything people see of it.</summary>
/// <param name="Summary">Its line in the list.</param>
/// <param name="State">The fold of its journal.</param>
/// <param name="Seq">Number of the last event in <paramref name="State"/>.</param>
/// <param name="Attempts">Its attempts in the order begun.</param>
public sealed record RunView(RunSummary Summary, RunState State, long Seq, IReadOnlyList<AttemptView> Attempts)
{
    /// <summary>Runs that work for its steps.</summary>
    public IReadOnlyList<ChildRun> Children { get; init; } = [];

    /// <summary>The step of another run that it works for; null where nobody's step asked.</summary>
    public RunParent? Parent => RunParent.Of(State.Request.Pins);

    /// <summary>From here on a running attempt counts as silent.</summary>
    public static TimeSpan SilentFrom { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that a running attempt of a step has said nothing, where that is worth a word.</summary>
    /// <param name="step">The step; null looks at all.</param>
    /// <param name="nowUtc">Now.</param>
    public TimeSpan? Silence(string? step, DateTimeOffset nowUtc) => Attempts.Where(a => step is null || a.Step == step)
        .Select(a => (TimeSpan?)a.SilentFor(nowUtc)).Where(s => s >= SilentFrom).Max();

    /// <summary>The view as JSON, for commands and the page.</summary>
    public JsonObject ToJson()
    {
        JsonObject json = State.ToJson();
        json["attempts"] = JsonSerializer.SerializeToNode(Attempts, StepJson.Options);
        json["hashes"] = new JsonObject(RunHashes.Of(State).Select(h => KeyValuePair.Create(h.Key, (JsonNode?)h.Value)));
        json["children"] = JsonSerializer.SerializeToNode(Children, StepJson.Options);
        return json;
    }
}

/// <summary>Runs of one version that have not ended.</summary>
/// <param name="Version">The version.</param>
/// <param name="Count">How many.</param>
/// <param name="Queued">How many of them wait for a slot.</param>
public sealed record OpenRuns(string Version, long Count, long Queued);

/// <summary>Reads runs for people; needs no engine.</summary>
public sealed class RunViews(IRowStore rows, RunJournal journal, RunArchive? archive = null)
{
    private const string Columns =
        "run_id as id, workflow_id as workflow, version, status, reason, requested_by, requested_at_utc, changed_at_utc, ended_at_utc, parameters, seq";

    /// <summary>The newest runs first.</summary>
    /// <param name="workflow">Only of this workflow; null takes all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Cancels the read.</param>
    public Task<IReadOnlyList<RunSummary>> ListAsync(string? workflow, int limit, CancellationToken ct) => ListAsync(workflow, limit, before: null, ct);

    /// <summary>A page of the runs, the newest first.</summary>
    /// <param name="workflow">Only of this workflow; null takes all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="before">Only runs that were asked for before this one: the last of the page before. Null begins with the newest.</param>
    /// <param name="ct">Cancels the read.</param>
    public Task<IReadOnlyList<RunSummary>> ListAsync(string? workflow, int limit, string? before, CancellationToken ct) =>
        FindAsync(new RunFilter { Workflow = workflow, Before = before }, limit, ct);

    /// <summary>The runs that a filter leaves, the newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Cancels the read.</param>
    public Task<IReadOnlyList<RunSummary>> FindAsync(RunFilter filter, int limit, CancellationToken ct) => rows.QueryAsync<RunSummary>(
        $"select {Columns} from runs where {filter.Condition()} order by run_id desc limit @limit", filter.Arguments(limit), ct);

    /// <summary>The workflows that ever ran, the one that ran last first.</summary>
    public Task<IReadOnlyList<RanWorkflow>> WorkflowsAsync(CancellationToken ct) => rows.QueryAsync<RanWorkflow>(
        "select workflow_id as workflow, count(*) as runs, max(run_id) as last_run from runs group by workflow_id order by 3 desc", null, ct);

    /// <summary>Runs that have not ended, the newest first.</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Cancels the read.</param>
    public Task<IReadOnlyList<RunSummary>> OpenAsync(int limit, CancellationToken ct) => rows.QueryAsync<RunSummary>(
        $"select {Columns} from runs where ended_at_utc is null order by run_id desc limit @limit", new { limit }, ct);

    /// <summary>How many runs of a workflow have not ended, by version, the newest version first.</summary>
    public async Task<IReadOnlyList<OpenRuns>> OpenByVersionAsync(string workflow, CancellationToken ct) =>
        [.. (await rows.QueryAsync<OpenRuns>(
            """
            select version, count(*) as count, coalesce(sum(case when status = 'queued' then 1 else 0 end), 0) as queued
              from runs where workflow_id = @workflow and ended_at_utc is null group by version
            """,
            new { workflow }, ct)).OrderByDescending(r => Version.Parse(r.Version))];

    /// <summary>Runs that failed since an instant, the newest first.</summary>
    /// <param name="sinceUtc">From here on.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Cancels the read.</param>
    public Task<IReadOnlyList<RunSummary>> FailedSinceAsync(DateTimeOffset sinceUtc, int limit, CancellationToken ct) => rows.QueryAsync<RunSummary>(
        $"select {Columns} from runs where status = 'failed' and ended_at_utc >= @sinceUtc order by ended_at_utc desc, run_id desc limit @limit", new { sinceUtc, limit }, ct);

    /// <summary>How many runs are under way or wait for a slot, and how many ended since an instant.</summary>
    /// <param name="sinceUtc">From here on ends count.</param>
    /// <param name="ct">Cancels the read.</param>
    public async Task<RunTally> TallyAsync(DateTimeOffset sinceUtc, CancellationToken ct) => await rows.FirstAsync<RunTally>(
        """
        select coalesce(sum(case when status = 'running' then 1 else 0 end), 0) as running, coalesce(sum(case when status = 'queued' then 1 else 0 end), 0) as queued,
               coalesce(sum(case when status = 'failed' then 1 else 0 end), 0) as failed, coalesce(sum(case when status = 'completed' then 1 else 0 end), 0) as completed
          from runs where ended_at_utc is null or ended_at_utc >= @sinceUtc
        """, new { sinceUtc }, ct);

    /// <summary>Says something else whenever a run began, moved or ended, a request for a vote was made or decided, or a decision was recorded.</summary>
    public static async Task<string> StampAsync(IRows rows, CancellationToken ct) => await rows.FirstAsync<string>(
        """
        select (select coalesce(max(changed_at_utc), '') || ' ' || coalesce(sum(seq), 0) || ' ' || count(*) from runs)
            || ' ' || (select count(*) || ' ' || coalesce(sum(case when status = 'PENDING_APPROVAL' then 1 else 0 end), 0) from approvals)
            || ' ' || (select coalesce(max(seq), 0) from audit)
        """, null, ct);

    /// <summary>A run's line.</summary>
    /// <exception cref="ProblemException">WFL-2006: there is no such run.</exception>
    public async Task<RunSummary> SummaryAsync(RunId run, CancellationToken ct) =>
        await rows.FirstOrDefaultAsync<RunSummary>($"select {Columns} from runs where run_id = @Run", new { Run = run.Value }, ct)
        ?? throw RunJournal.UnknownRun(run);

    /// <summary>A run with its steps and attempts.</summary>
    /// <exception cref="ProblemException">WFL-2006: there is no such run.</exception>
    public async Task<RunView> ShowAsync(RunId run, CancellationToken ct)
    {
        JournalledRun journalled = await journal.LoadAsync(run, ct);
        return new(await SummaryAsync(run, ct), journalled.State, journalled.Seq, await AttemptsAsync(run, ct)) { Children = await RunFamilies.ChildrenAsync(rows, run, ct) };
    }

    /// <summary>A run's attempts in the order begun.</summary>
    public async Task<IReadOnlyList<AttemptView>> AttemptsAsync(RunId run, CancellationToken ct)
    {
        IReadOnlyList<AttemptView> found = await rows.QueryAsync<AttemptView>(
            """
            select step, item, attempt, status, started_at_utc, ended_at_utc, problem, progress_done, progress_total, progress_text, sign_at_utc
              from step_attempts where run_id = @Run order by started_at_utc, step, item, attempt
            """,
            new { Run = run.Value }, ct);
        return found.Count == 0 && await ArchivedAsync(run, "attempts", ct) is { } kept ? [.. kept.Select(a => new AttemptView(
            Text(a, "step")!, (int)Whole(a, "item"), (int)Whole(a, "attempt"), Text(a, "status")!, UtcText.Parse(Text(a, "started_at_utc")!),
            Text(a, "ended_at_utc") is { } ended ? UtcText.Parse(ended) : null, Text(a, "problem"), Whole(a, "progress_done"), Whole(a, "progress_total"), Text(a, "progress_text"),
            Text(a, "sign_at_utc") is { } sign ? UtcText.Parse(sign) : null))] : found;
    }

    /// <summary>Whether something was asked of a run that the engine has not answered yet.</summary>
    public async Task<bool> IsAskedAsync(RunId run, CancellationToken ct) => await rows.FirstAsync<int>(
        "select count(*) from run_requests where subject = @Run and handled_at_utc is null and kind in ('cancel', 'pause', 'resume', 'retry')",
        new { Run = run.Value }, ct) > 0;

    /// <summary>Whether nothing is done about a run for now, see <see cref="Finality.IsAtRest(RunStatus)"/>.</summary>
    /// <exception cref="ProblemException">WFL-2006: there is no such run.</exception>
    public async Task<bool> IsAtRestAsync(RunId run, CancellationToken ct) => (await SummaryAsync(run, ct)).Status is not ("queued" or "running");

    /// <summary>Whether something is done, or to be done by an instant, about a run or a run that works for one of its steps.</summary>
    /// <param name="run">The run.</param>
    /// <param name="byUtc">A wait that ends by then is no rest.</param>
    /// <param name="ct">Cancels the read.</param>
    public async Task<bool> IsFamilyAtWorkAsync(RunId run, DateTimeOffset byUtc, CancellationToken ct) => (await new OpenRequests(rows).OfFamilyAsync(run, byUtc, ct)).Count > 0;

    /// <summary>Refuses a name that no step of a run has: a slip in it would look like a step that wrote nothing.</summary>
    /// <exception cref="ProblemException">WFL-1008: there is no such step. WFL-2006: there is no such run.</exception>
    public async Task RefuseUnknownStepAsync(RunId run, string? step, CancellationToken ct)
    {
        if (step is not null && (await journal.LoadAsync(run, ct)).State.Definition is var workflow && !workflow.Has(step))
        {
            throw new ProblemException(WorkflowCodes.UnknownStep, $"{run} has no step '{step}'.", step, $"Use one of: {string.Join(", ", workflow.Steps.Select(s => s.Name))}.", ExitCode.BadUsage);
        }
    }

    /// <summary>What the steps of a run wrote, after a line.</summary>
    /// <param name="run">The run.</param>
    /// <param name="step">Only of this step; null takes all.</param>
    /// <param name="afterLine">Lines after this one; 0 takes all.</param>
    /// <param name="ct">Cancels the read.</param>
    public async Task<IReadOnlyList<LogLine>> LogAsync(RunId run, string? step, long afterLine, CancellationToken ct)
    {
        IReadOnlyList<LogLine> found = await rows.QueryAsync<LogLine>(
            """
            select line_id, step, item, attempt, at_utc, line from step_log
             where run_id = @Run and line_id > @afterLine and (@step is null or step = @step) order by line_id
            """,
            new { Run = run.Value, step, afterLine }, ct);
        return found.Count == 0 && await ArchivedAsync(run, "log", ct) is { } kept
            ? [
                .. kept.Select(l => new LogLine(Whole(l, "line_id"), Text(l, "step")!, (int)Whole(l, "item"), (int)Whole(l, "attempt"), UtcText.Parse(Text(l, "at_utc")!), Text(l, "line")!))
                    .Where(l => l.LineId > afterLine && (step is null || l.Step == step)),
            ]
            : found;
    }

    private async Task<IReadOnlyList<JsonObject>?> ArchivedAsync(RunId run, string part, CancellationToken ct) => archive is null ? null : await archive.FindAsync(run, part, ct);

    private static string? Text(JsonObject row, string key) => row[key]?.GetValue<string>();

    private static long Whole(JsonObject row, string key) => row[key]!.GetValue<long>();

    /// <summary>The run that is meant: the one named, else the latest (of a workflow).</summary>
    /// <exception cref="ProblemException">WFL-2006: there is none.</exception>
    public async Task<RunId> MeantAsync(string? id, string? workflow, CancellationToken ct) =>
        id is not null ? new((await SummaryAsync(new(id), ct)).Id)
        : await ListAsync(workflow, 1, ct) is [var latest] ? new(latest.Id)
        : throw new ProblemException(Definitions.WorkflowCodes.UnknownRun, "There is no run yet.", null, "Start one: 'sigmatiq lifecycle run'.", ExitCode.BadUsage);
}
