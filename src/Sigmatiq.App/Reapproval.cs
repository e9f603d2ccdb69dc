using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.App;

/// <summary>Reset of an approval (spec 04 §4.10): what it deployed stops, the gates are evaluated again, and a new request is made.</summary>
internal sealed class Reapproval(Platform platform)
{
    /// <summary>Sets the decision aside and starts the run that asks anew.</summary>
    /// <exception cref="ProblemException">APP-1145: there is no whole bundle to evaluate gates from. An APR code of
    /// <see cref="ApprovalRules.Reset"/>; nothing was changed.</exception>
    public async Task<RunId> AskAsync(Approval latest, string by, string reason, CancellationToken ct)
    {
        RunState origin = (await platform.Engine.Views.ShowAsync(new(latest.RunId), ct)).State;
        string? sweep = origin.Request.Parameters["sweep"]?.GetValue<string>() is { Length: > 0 } given ? given
            : origin.Definition.Has("sweep") ? origin.Step("sweep").Outputs?["sweep"]?.GetValue<string>() : null;
        string? model = origin.Definition.Has("evidence") ? origin.Step("evidence").Outputs?["trained_model"]?.GetValue<string>() : null;
        if (sweep is null || model is null || latest.Subject.Evidence.FirstOrDefault(f => !File.Exists(Path.Combine(platform.Data.Root, f.Path))) is not null)
        {
            throw new ProblemException("APP-1145", $"There is no whole bundle of evidence for {latest.Subject.StrategyId} to evaluate gates from.", $"approval {latest.Id}", "Run 'sigmatiq lifecycle run'.");
        }

        await platform.Approvals.ResetAsync(latest.Id, by, reason, ct);
        return await platform.Engine.Requests.StartAsync(
            new(platform.Workflows.Load("reapproval"), new JsonObject { ["sweep"] = sweep, ["model"] = model }, by)
            {
                Pins = origin.Request.Pins["pack_hash"] is { } pack ? new JsonObject { ["pack_hash"] = pack.DeepClone() } : [],
            }, ct);
    }
}
