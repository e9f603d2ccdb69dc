using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.App.Api;

/// <summary>Reads the grid of a workflow's runs over time: a handful of statements, whatever its size.</summary>
internal sealed class RunGridReader(WorkflowEngine engine, TimeProvider clock)
{
    /// <summary>Columns where nothing else is asked, and the most there are.</summary>
    public const int Usual = 25, Most = 100;

    private const string Absent = "absent";

    /// <summary>Reads a page of it.</summary>
    /// <param name="filter">Which runs; without a workflow those of the one that ran last.</param>
    /// <param name="limit">At most so many runs.</param>
    /// <param name="ct">Cancels the read.</param>
    public async Task<RunGrid> ReadAsync(RunFilter filter, int limit, CancellationToken ct)
    {
        string? workflow = filter.Workflow ?? ((await engine.Views.ListAsync(null, 1, ct)) is [var last] ? last.Workflow : null);
        IReadOnlyList<RunSummary> found = workflow is null ? [] : await engine.Views.FindAsync(filter with { Workflow = workflow }, limit + 1, ct);
        IReadOnlyList<RunColumn> columns = await engine.Columns.ReadAsync([.. found.Take(limit)], ct);
        DateTimeOffset now = clock.GetUtcNow();
        return new(workflow, now, [.. columns.Select(c => ColumnOf(c, now))], RowsOf(columns, now), found.Count > limit ? columns[^1].Summary.Id : null);
    }

    private static RunGridColumn ColumnOf(RunColumn column, DateTimeOffset now)
    {
        RunSummary run = column.Summary;
        return new(
            run.Id, run.Version, run.Status, run.Reason, column.Cause?.Kind, column.Cause?.Of, run.RequestedBy, JsonNode.Parse(run.Parameters).Text("ticker"), column.Cause?.PlannedUtc,
            run.RequestedAtUtc, column.StartedUtc, run.EndedAtUtc, Seconds((run.EndedAtUtc ?? now) - run.RequestedAtUtc), Seconds(column.Worked.By(now)), column.Problem);
    }

    private static RunGridRow[] RowsOf(IReadOnlyList<RunColumn> columns, DateTimeOffset now)
    {
        WorkflowDefinition[] versions = [.. columns.Select(c => c.Definition).OfType<WorkflowDefinition>().DistinctBy(d => d.Hash)];
        return [.. StepStages.Of(versions).Select(row =>
        {
            RunCell?[] cells = [.. columns.Select(c => c.Cells.GetValueOrDefault(row.Name))];
            return new RunGridRow(
                row.Name, row.Uses, row.Stage, [.. cells.Select(c => c is null ? Absent : StepJson.NameOf(c.Status.ToString()))], [.. cells.Select(c => c?.Attempts ?? 0)],
                [.. cells.Select(c => c?.Items ?? 0)], [.. cells.Select(c => c?.Took is { } took ? Seconds(took.By(now)) : (double?)null)],
                columns.Zip(cells).Where(p => p.Second?.Note is not null).ToDictionary(p => p.First.Summary.Id, p => p.Second!.Note!, StringComparer.Ordinal));
        })];
    }

    // A clock that was set back makes no time negative.
    private static double Seconds(TimeSpan time) => Math.Max(0, Math.Round(time.TotalSeconds, 3));
}
