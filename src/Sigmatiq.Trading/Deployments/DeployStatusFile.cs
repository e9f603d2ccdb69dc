using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Trading.Deployments;

/// <summary><c>public/data/production/deploy_status.json</c> (spec 04 §4.5): how far a deployment is, for readers outside; never read back to
/// decide anything.</summary>
/// <param name="data">Where it lies.</param>
/// <param name="clock">The clock.</param>
/// <param name="runner">The run that deploys.</param>
public sealed class DeployStatusFile(DataDirectory data, TimeProvider clock, string runner)
{
    private const int LinesKept = 20;
    private readonly List<string> log = [];
    private readonly DateTimeOffset startedUtc = clock.GetUtcNow();
    private (string Phase, double Progress) at = ("validate", 0);

    /// <summary>The phases, in order.</summary>
    public static IReadOnlyList<string> Phases { get; } = ["validate", "train", "export", "seed_db", "register"];

    /// <summary>Enters a phase, or says how far it is.</summary>
    /// <param name="phase">One of <see cref="Phases"/>.</param>
    /// <param name="share">How much of the phase is done, 0 to 1.</param>
    /// <param name="line">A line for the log; null adds none.</param>
    public void Enter(string phase, double share, string? line)
    {
        double progress = Math.Round((Phases.ToList().IndexOf(phase) + Math.Clamp(share, 0, 1)) / Phases.Count, 2);
        if (line is null && (phase, progress) == at)
        {
            return;
        }

        at = (phase, progress);
        Keep(line);
        Write("running", null);
    }

    /// <summary>Ends well.</summary>
    public void Complete(string line)
    {
        at = ("register", 1);
        Keep(line);
        Write("completed", null);
    }

    /// <summary>Ends on an error, in the phase where it happened.</summary>
    public void Fail(string error) => Write("failed", error);

    private void Keep(string? line)
    {
        if (line is not null)
        {
            log.Add(line);
            log.RemoveRange(0, Math.Max(0, log.Count - LinesKept));
        }
    }

    private void Write(string status, string? error) => AtomicFile.Write(
        data.File("public", "data", "production", "deploy_status.json"),
        JsonSerializer.Serialize(
            new JsonObject
            {
                ["status"] = status,
                ["phase"] = at.Phase,
                ["progress"] = at.Progress,
                ["started_at"] = startedUtc.UtcDateTime.ToString("O"),
                ["finished_at"] = status == "running" ? null : clock.GetUtcNow().UtcDateTime.ToString("O"),
                ["runner"] = runner,
                ["log_tail"] = new JsonArray([.. log.Select(l => (JsonNode?)l)]),
                ["error"] = error,
            }, ApprovalJson.File) + "\n");
}
