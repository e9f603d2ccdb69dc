using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.Store;
using Sigmatiq.Workflows.Comparison;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App;

/// <summary>Reads what a run is compared by: its journal, and figures and trades of the evidence that its steps name.</summary>
internal sealed class RunFactsReader(RunViews views, DataDirectory data)
{
    /// <summary>The facts of a run.</summary>
    /// <exception cref="Sigmatiq.Store.Errors.ProblemException">WFL-2006: there is no such run.</exception>
    public async Task<RunFacts> ReadAsync(RunId id, CancellationToken ct)
    {
        RunView run = await views.ShowAsync(id, ct);
        JsonObject metrics = [];
        List<JsonObject> trades = [];
        foreach (StepRun step in run.State.Steps)
        {
            foreach (StepInstance item in step.Instances.Where(i => i.Output?["bundle"] is JsonValue))
            {
                string folder = Path.Combine(data.Root, item.Output!["bundle"]!.GetValue<string>());
                JsonNode? evidence = JsonReading.File(Path.Combine(folder, "evidence.json"));
                metrics[item.Index == 0 ? step.Spec.Name : $"{step.Spec.Name}[{item.Index}]"] = evidence is null
                    ? new JsonObject { ["evidence"] = "missing" }
                    : new JsonObject
                    {
                        ["metrics"] = evidence["metrics"]?.DeepClone(), ["holdout"] = evidence["holdout"]?.DeepClone(), ["selection"] = evidence["selection"]?.DeepClone(),
                    };
                trades.AddRange((Directory.Exists(folder) ? Directory.GetFiles(folder, "trades_*.json") : []).Order(StringComparer.Ordinal)
                    .SelectMany(f => JsonReading.File(f).List("trades")).OfType<JsonObject>());
            }
        }

        return new(run.State, run.Attempts, metrics, trades);
    }
}
