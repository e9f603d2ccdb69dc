using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Tests.Studio;

/// <summary>A store with eight weeks of lifecycles, an evening each, whose journals were written as an engine would have: on two versions, with retries, failures, a cancelled one,
/// and the vote of a person in between. The newest one still waits for it.</summary>
public sealed class OverTimeStudio : ServedStudio
{
    /// <summary>How many runs there are.</summary>
    public const int Count = 40;

    private const int OldOnes = 12;

    private static readonly DateTimeOffset First = new(2026, 9, 28, 20, 30, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Tickers => [];

    /// <summary>Id of a run, by its place from the oldest.</summary>
    public static string Id(int run) => string.Create(CultureInfo.InvariantCulture, $"run_{At(run).ToUnixTimeMilliseconds():x12}7{run:x3}{Rng.From(run).NextInt(int.MaxValue):x16}");

    /// <inheritdoc/>
    protected override async Task PrepareAsync(CancellationToken ct)
    {
        DataDirectory data = new(Data);
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, ct);
        Platform platform = Platform.Open(data, rows, IdSource.FromSeed(TimeProvider.System, 7), TimeProvider.System, NullLoggerFactory.Instance);
        string text = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "workflows", "lifecycle.1.0.0.yaml"), ct);
        // Before, bars were checked by a step of their own and nothing was forecast.
        string before = text.Replace("version: 1.0.0", "version: 0.9.0", StringComparison.Ordinal).Replace("needs: [forecast]", "needs: [train]", StringComparison.Ordinal)
            .Replace("  sweep:\n", "  check:\n    uses: report\n    needs: [align]\n    with: { title: Bars, text: Checked. }\n  sweep:\n    needs: [check]\n", StringComparison.Ordinal);
        int at = before.IndexOf("  forecast:\n", StringComparison.Ordinal);
        before = before.Remove(at, before.IndexOf("  evidence:\n", StringComparison.Ordinal) - at);
        WorkflowDefinition now = WorkflowYaml.Parse(text, "lifecycle.yaml", platform.Engine.Kinds).Value, old = WorkflowYaml.Parse(before, "old.yaml", platform.Engine.Kinds).Value;
        await platform.Engine.Versions.PublishAsync(old, ct);
        await platform.Engine.Versions.PublishAsync(now, ct);
        await using (EngineLease lease = (await EngineLease.TryTakeAsync(data, rows, TimeProvider.System, "test/1", ct)).Lease!)
        {
            for (int run = 0; run < Count; run++)
            {
                await WriteAsync(platform.Engine.Journal, lease, run, run < OldOnes ? old : now, ct);
            }
        }

        platform.Notifier.Dispose();
    }

    // Weekday evenings.
    private static DateTimeOffset At(int run) => First.AddDays((run / 5 * 7) + (run % 5)).AddSeconds(run % 7);

    private static async Task WriteAsync(RunJournal journal, EngineLease lease, int run, WorkflowDefinition workflow, CancellationToken ct)
    {
        Rng chance = Rng.From(100 + run);
        DateTimeOffset at = At(run);
        JsonObject parameters = RunParameters.Complete(workflow, new JsonObject { ["ticker"] = run % 3 == 2 ? "TECH.SYN" : "MKT.SYN" });
        JsonObject pins = run % 5 == 4 ? [] : new JsonObject { ["scheduled_for"] = UtcText.Format(at) };
        RunRequest request = new(workflow.Id, workflow.Version, workflow.Hash, parameters, at, run, null, pins, run % 5 == 4 ? "ana" : "operator", "test");
        RunId id = new(Id(run));
        JournalledRun journalled = (await journal.CreateAsync(id, new(at, request), claim: null, ct))!;
        RunBatch batch = new(journalled);
        DateTimeOffset clock = at.AddSeconds(1);
        void Say(RunEvent happened)
        {
            if (!batch.TryAdd(happened))
            {
                throw new InvalidOperationException($"{run}: {RunMachine.Refusal(batch.State, happened)}");
            }
        }

        Say(new RunAdmitted(clock));
        while (batch.State.Steps.SelectMany(s => s.Instances.Select(i => (Step: s.Spec.Name, Instance: i))).FirstOrDefault(x => x.Instance.Status is StepStatus.Ready or StepStatus.Retrying) is { Step: { } step, Instance: { } instance })
        {
            if (instance.Status == StepStatus.Retrying)
            {
                clock = instance.DueUtc!.Value;
                Say(new RetryDue(clock, step, instance.Index));
                continue;
            }

            int attempt = instance.Attempts + 1;
            Say(new AttemptStarted(clock, step, instance.Index, attempt));
            clock = clock.AddSeconds(Usual(step) * (0.8 + (0.4 * chance.NextDouble())) * (run == 27 && step == "sweep" ? 9 : 1));
            if (Failure(run, step, attempt) is { } failure)
            {
                Say(new AttemptFailed(clock, step, instance.Index, attempt, failure, step == "align" ? "source_unavailable" : "refused"));
            }
            else if (step == "approve" && attempt == 1)
            {
                Say(new AttemptWaiting(clock, step, 0, attempt, "a vote of a person", $"approval:{id}", at.AddDays(7)));
                if (run == Count - 1)
                {
                    break;
                }

                clock = clock.AddHours(1 + (14 * chance.NextDouble()));
                Say(run == 30 ? new CancelRequested(clock, "ana", "the model is asked for anew") : new StepWoken(clock, step, 0, $"approval:{id}"));
            }
            else
            {
                JsonObject output = Output(step, approved: run % 4 != 1);
                Say(new AttemptSucceeded(clock, step, instance.Index, attempt, output, ContentHash.OfJson(output)));
            }
        }

        await journal.AppendAsync(batch, lease, ct);
    }

    private static double Usual(string step) => step switch { "bootstrap" => 1.2, "align" => 4, "check" => 2, "sweep" => 14, "train" => 9, "forecast" => 3, "evidence" => 5, "approve" => 0.2, "deploy" => 1, _ => 2 };

    private static Problem? Failure(int run, string step, int attempt) => (run, step) switch
    {
        (8 or 17 or 36, "align") when attempt == 1 => new("MKT-4001", "The source did not answer.", "MKT.SYN 1h"),
        (22, "align") => new("MKT-4001", "The source did not answer.", "MKT.SYN 1h", "Try again later, or import a file."),
        (5 or 33, "train") => new("TRN-3004", "There are 212 rows; a training takes 250.", "combo 23", "Choose a longer window."),
        (15, "evidence") => new("EVD-1002", "The hold-out has 11 trades; a verdict takes 20.", "combo 7", "Choose another combo."),
        _ => null,
    };

    private static JsonObject Output(string step, bool approved) => JsonNode.Parse(step switch
    {
        "align" => """{ "snapshot": "c3f1", "last_session": "2026-09-25", "synthetic": true }""",
        "sweep" => """{ "sweep": "swp_1", "best": [{ "combo_id": 23 }, { "combo_id": 7 }] }""",
        "train" => """{ "trained_model": "tm_1" }""",
        "evidence" => """{ "request": {}, "trained_model": "tm_1" }""",
        "approve" => $$"""{ "decision": "{{(approved ? "approved" : "rejected")}}", "approval": "apr_1" }""",
        "deploy" => """{ "deployment": "dep_1" }""",
        _ => "{}",
    })!.AsObject();
}

/// <summary>Tests of runs over time look at one store.</summary>
[CollectionDefinition(nameof(OverTimeStudio))]
public sealed class OverTimeCollection : ICollectionFixture<OverTimeStudio>;
