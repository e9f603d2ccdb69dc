using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows;

internal sealed record MakeInput(string Name, int Count = 3);

internal sealed record MadePart(int ComboId, string Label);

internal sealed record MakeOutput(string Snapshot, IReadOnlyList<MadePart> Best, bool Passed, double Score);

internal sealed record UseInput(string? Snapshot = null, MadePart? Part = null, IReadOnlyList<string>? Labels = null, double Factor = 1);

internal sealed record UseOutput(string Model, string Decision = "approved");

/// <summary>Step kinds whose behaviour a test sets by name; without, they do their pure work.</summary>
internal sealed class TestSteps
{
    private readonly ConcurrentDictionary<string, Func<StepContext, CancellationToken, Task<StepOutcome?>>> scripts = new();

    public TestSteps() => Kinds = new(All);

    /// <summary>The kinds one by one, for a test that mixes them with others.</summary>
    public IReadOnlyList<IStepKind> All => [new Make(this), new Use(this)];

    public StepKinds Kinds { get; }

    /// <summary>Version of test.make.</summary>
    public int MakeVersion { get; set; } = 1;

    /// <summary>Whether a rerun may take over what test.use gave.</summary>
    public bool IsUseReusable { get; set; } = true;

    /// <summary>Every attempt begun, as step[index]#attempt.</summary>
    public ConcurrentQueue<string> Begun { get; } = new();

    /// <summary>Lets a step do something before (or instead of, where it gives an outcome) its work.</summary>
    public void On(string step, Func<StepContext, CancellationToken, Task<StepOutcome?>> script) => scripts[step] = script;

    public void On(string step, Func<StepContext, StepOutcome?> script) => On(step, (context, _) => Task.FromResult(script(context)));

    public WorkflowDefinition Workflow(string yaml) => WorkflowYaml.Parse(yaml, "test.yaml", Kinds).Value;

    public static StepOutcome Unavailable(string code = "TST-0001") => StepOutcome.SourceUnavailable(new(code, "The source did not answer."));

    private async Task<StepOutcome> RunAsync(StepContext context, Func<StepOutcome> work, CancellationToken ct)
    {
        Begun.Enqueue($"{context.Step}[{context.Index}]#{context.Attempt}");
        return (scripts.TryGetValue(context.Step, out var script) ? await script(context, ct) : null) ?? work();
    }

    private sealed class Make(TestSteps tests) : StepKind<MakeInput, MakeOutput>
    {
        public override string Name => "test.make";

        public override int Version => tests.MakeVersion;

        public override bool IsReusable => true;

        public override string Summary => "Makes parts.";

        public override Task<StepOutcome> RunAsync(StepContext context, MakeInput input, CancellationToken ct) => tests.RunAsync(
            context,
            () => Done(new($"{input.Name}-{context.Rng.NextInt(1_000_000)}", [.. Enumerable.Range(1, input.Count).Select(i => new MadePart(i, $"part {i}"))], true, 0.5)), ct);
    }

    private sealed class Use(TestSteps tests) : StepKind<UseInput, UseOutput>
    {
        public override string Name => "test.use";

        public override bool IsReusable => tests.IsUseReusable;

        public override string Summary => "Uses parts.";

        public override Task<StepOutcome> RunAsync(StepContext context, UseInput input, CancellationToken ct) => tests.RunAsync(
            context, () => Done(new($"{input.Snapshot}/{input.Part?.ComboId}/{string.Join('+', input.Labels ?? [])}/{context.Rng.NextInt(1_000_000)}")), ct);
    }
}
