using System.CommandLine;
using Sigmatiq.App.Auth;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Commands;

/// <summary><c>sigmatiq reproduce RUN</c>: the run once more from its pins, in an empty store, and its hashes beside the first ones.</summary>
internal static class ReproduceCommand
{
    private sealed record Line(string Result, string Original, string? Again)
    {
        public bool Same => Original == Again;
    }

    public static Command Create(CommandHost host)
    {
        var id = new Argument<string?>("run") { Description = "The run (default: the latest lifecycle run)", Arity = ArgumentArity.ZeroOrOne };
        Command reproduce = new("reproduce", "Run a run again from its pins in an empty store and compare the hashes of its results") { id };
        host.Run(reproduce, async (parse, context, ct) =>
        {
            Platform platform = await context.PlatformAsync(ct);
            RunId run = await platform.Engine.Views.MeantAsync(parse.GetValue(id), "lifecycle", ct);
            RunState first = (await platform.Engine.Views.ShowAsync(run, ct)).State;
            SortedDictionary<string, string> original = RunHashes.Of(first);
            if (original.Count == 0)
            {
                throw new ProblemException("APP-1012", $"{run} has no results yet.", run.Value, "Wait until a step has ended.");
            }

            string folder = platform.Data.Folder("reproduce", run.Value);
            Directory.Delete(folder, recursive: true);
            SortedDictionary<string, string> again;
            try
            {
                again = await AgainAsync(context, platform, first, folder, ct);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }

            Line[] lines = [.. original.Select(o => new Line(o.Key, o.Value, again.GetValueOrDefault(o.Key)))];
            context.Output.List(
                lines, new("result", l => l.Result), new("original", l => l.Original[..12]), new("again", l => l.Again is { } hash ? hash[..12] : "missing"),
                new("same", l => l.Same ? "yes" : "NO", Tone: l => l.Same ? Tone.Ok : Tone.Bad));
            if (lines.FirstOrDefault(l => !l.Same) is { } other)
            {
                throw new ProblemException(
                    "APP-1013", $"{lines.Count(l => !l.Same)} of {lines.Length} results differ, first {other.Result}.", run.Value,
                    "Compare the program's version with the one the run is pinned to ('runs show'), and verify its bars with 'data check'.");
            }

            context.Output.Note($"All {lines.Length} results are the same.");
            return ExitCode.Ok;
        });
        return reproduce;
    }

    private static async Task<SortedDictionary<string, string>> AgainAsync(
        CommandContext context, Platform platform, RunState first, string folder, CancellationToken ct)
    {
        RunRequest pinned = first.Request;
        WorkflowDefinition workflow = first.Definition;
        DataDirectory data = new(folder);
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, context.Clock, ct);
        Platform scratch = Platform.Open(data, rows, context.Ids, context.Clock, context.Logs);
        await BringBarsAsync(platform, scratch, first, ct);
        RunId run = await scratch.Engine.Requests.StartAsync(
            new(workflow, pinned.Parameters.DeepClone().AsObject(), pinned.RequestedBy) { AsOfUtc = pinned.AsOfUtc, Seed = pinned.Seed, Until = pinned.Until, Pins = pinned.Pins.DeepClone().AsObject() },
            ct);
        using ProgressLine progress = context.Output.Progress($"again {first.Id}");
        RunView view = await scratch.Engine.BringToRestAsync(run, Platform.Owner, 0, v => RunWatch.Show(progress, v, scratch.Clock.GetUtcNow()), ct);
        bool wasApproved = first.Step("deploy").Status == StepStatus.Succeeded;
        if (view.State.Status == RunStatus.Waiting && wasApproved && await scratch.Approvals.OfRunAsync(run.Value, ct) is { } asked)
        {
            long seq = view.Seq;
            // In a scratch store that nothing trades from: its one approver is nobody who had a part in the run.
            var approver = new Person("system:reproduce", "reproduce", "approver", "unlimited");
            await scratch.People.AddAsync(rows, approver, ct);
            await scratch.Approvals.CastAsync(asked.Id, VoteChoice.Approve, approver.Id, $"as {first.Id} was", null, ct);
            view = await scratch.Engine.BringToRestAsync(run, Platform.Owner, seq, v => RunWatch.Show(progress, v, scratch.Clock.GetUtcNow()), ct);
        }

        return RunWatch.ProblemOf(view.State) is { } problem ? throw new ProblemException(problem) : RunHashes.Of(view.State);
    }

    // The pinned bars, byte for byte: what the store has learned since must not take part.
    private static async Task BringBarsAsync(Platform from, Platform to, RunState first, CancellationToken ct)
    {
        if (!first.Definition.Has("align") || first.Step("align").Outputs?["snapshot"]?.GetValue<string>() is not { } id)
        {
            return;
        }

        BarSnapshot snapshot = await from.Bars.FindAsync(ContentHash.Parse(id), ct);
        await to.Bars.PutAsync(
            [new(from.Bars.Read(snapshot.Id, ct), new(snapshot.Source, snapshot.SourceVersion), null) { Findings = snapshot.Findings }], ct);
    }
}
