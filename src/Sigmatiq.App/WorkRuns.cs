using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App;

/// <summary>The runs behind sweeps and trainings that were asked for by themselves.</summary>
internal static class WorkRuns
{
    /// <summary>Cancels the run behind a sweep or training; one that a command runs in its own process has none.</summary>
    /// <param name="platform">The store.</param>
    /// <param name="workflow"><c>sweep</c> or <c>training</c>.</param>
    /// <param name="parameter">The parameter that names the work.</param>
    /// <param name="id">Its value.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="ct">Cancels before the request is written.</param>
    public static async Task CancelAsync(Platform platform, string workflow, string parameter, string id, string by, CancellationToken ct)
    {
        foreach (RunSummary run in await UnderWayAsync(platform, workflow, parameter, id, ct))
        {
            await platform.Engine.Requests.CancelAsync(new(run.Id), by, $"{id} was cancelled", ct);
        }
    }

    /// <summary>The runs behind a sweep or training that have not ended.</summary>
    /// <inheritdoc cref="CancelAsync"/>
    public static async Task<IReadOnlyList<RunSummary>> UnderWayAsync(Platform platform, string workflow, string parameter, string id, CancellationToken ct) =>
        [.. (await platform.Engine.Views.ListAsync(workflow, int.MaxValue, ct))
            .Where(run => run.EndedAtUtc is null && JsonNode.Parse(run.Parameters)?[parameter]?.GetValue<string>() == id)];
}
