using System.Text.Json.Nodes;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Steps;

/// <summary>Which workflow must have completed, and since when; one of the two says the latter.</summary>
/// <param name="Workflow">Id of the workflow before this one.</param>
/// <param name="NotOlderThan">A duration such as <c>8d</c>, back from the run's now.</param>
/// <param name="Since"><c>today</c> or <c>this_week</c> (from Monday 00:00) on the clock of <paramref name="Zone"/>.</param>
/// <param name="Zone">The clock.</param>
public sealed record UpstreamInput(string Workflow, string? NotOlderThan = null, [Words("today", "this_week")] string? Since = null, string Zone = "America/Bogota");

/// <summary>The run that was found.</summary>
/// <param name="Run">Its id.</param>
/// <param name="AsOf">Its now.</param>
public sealed record UpstreamOutput(string Run, DateTimeOffset AsOf);

/// <summary>The contract between workflows of a chain (04 §4.11): the one before has completed lately, seen from this run's now, or this
/// one goes no further and an alert says so. A run that is not there yet may still come, so a retry is worth it.</summary>
public sealed class UpstreamStep(IRowStore rows, OutboxQueue outbox) : StepKind<UpstreamInput, UpstreamOutput>
{
    /// <summary>The name after <c>uses:</c>.</summary>
    public const string KindName = "workflows.upstream";

    /// <summary>Code of a run whose predecessor has not done its work.</summary>
    public const string Missing = "UPSTREAM_MISSING";

    /// <inheritdoc/>
    public override string Name => KindName;

    /// <inheritdoc/>
    public override string Summary => "Refuse to go on unless the workflow before has completed lately";

    /// <inheritdoc/>
    public override IEnumerable<InputFault> Faults(StepLiterals input)
    {
        const string remedy = "Write not_older_than: with a duration, or since: today or this_week.";
        if (input.Text("workflow") is { } workflow && !Names.IsName(workflow))
        {
            yield return new("workflow", WorkflowCodes.BadValue, $"'{workflow}' is no id of a workflow.", "Write the id without a version, as in lifecycle.");
        }

        if (input.Has("not_older_than") && input.Has("since"))
        {
            yield return new("since", WorkflowCodes.BadValue, "It says not_older_than and since at once.", remedy);
        }
        else if (!((string[])["not_older_than", "since"]).Any(f => input.Has(f) || input.IsOpen(f)))
        {
            yield return new(null, WorkflowCodes.BadValue, "It does not say since when the workflow must have completed.", remedy);
        }

        if (input.Text("not_older_than") is { } age && !Duration.TryParse(age, out _))
        {
            yield return new("not_older_than", WorkflowCodes.BadValue, $"'{age}' is no duration.", "Write a whole number and ms, s, m, h or d, as in 8d.");
        }

        if (input.Text("since") is { } since and not ("today" or "this_week"))
        {
            yield return new("since", WorkflowCodes.BadValue, $"'{since}' does not say since when the workflow must have completed.", remedy);
        }

        if (input.Text("zone") is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            yield return new("zone", WorkflowCodes.UnknownZone, $"There is no time zone '{zone}'.", "Use a name of the IANA list, such as America/Bogota.");
        }
    }

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, UpstreamInput input, CancellationToken ct)
    {
        if (Faults(StepLiterals.Of(input)).FirstOrDefault() is { } fault)
        {
            throw fault.Refused();
        }

        DateTimeOffset from = EarliestOf(input, context.AsOfUtc);
        Found? run = await rows.FirstOrDefaultAsync<Found>(
            """
            select run_id, as_of_utc from runs where workflow_id = @Workflow and status = 'completed' and as_of_utc >= @from and as_of_utc <= @AsOfUtc
             order by as_of_utc desc, run_id desc limit 1
            """,
            new { input.Workflow, from, context.AsOfUtc }, ct);
        if (run is not null)
        {
            return Done(new UpstreamOutput(run.RunId, run.AsOfUtc));
        }

        var problem = new Problem(Missing, $"{input.Workflow} has not completed between {from:u} and {context.AsOfUtc:u}.", input.Workflow,
            $"Look at 'sigmatiq runs list --workflow {input.Workflow}', run it, then retry this run.");

        // Attempts share the key: one alert a run.
        await rows.InTransactionAsync(tx => outbox.EnqueueAsync(tx, $"{context.EffectKey}/upstream_missing", "alert.workflow", new JsonObject
        {
            ["run"] = context.Run.Value, ["step"] = context.Step, ["code"] = Missing, ["message"] = problem.Message,
        }, ct, $"run:{context.Run}"), ct);
        return StepOutcome.SourceUnavailable(problem);
    }

    private static DateTimeOffset EarliestOf(UpstreamInput input, DateTimeOffset asOfUtc)
    {
        if (input.NotOlderThan is { } age)
        {
            return asOfUtc - Duration.Parse(age);
        }

        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(input.Zone);
        DateOnly today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(asOfUtc, zone).DateTime);
        return SessionDates.InstantOf(input.Since == "today" ? today : today.AddDays(-(((int)today.DayOfWeek + 6) % 7)), TimeOnly.MinValue, zone);
    }

    private sealed record Found(string RunId, DateTimeOffset AsOfUtc);
}
