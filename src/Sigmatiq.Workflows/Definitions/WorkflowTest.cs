using System.Text.Json.Nodes;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>A case of a workflow: how its steps behave, what happens meanwhile, and how it must come out.</summary>
/// <remarks>Written in the workflow file, or beside it in <c>tests/</c> under the same name, where a new case makes no new version. In code: <c>new
/// WorkflowTest("…", [], mock, expect) { Play = …, Then = … }</c>, played by <see cref="Engine.Rehearsal"/>.</remarks>
/// <param name="Name">A sentence.</param>
/// <param name="Parameters">Parameters of the run.</param>
/// <param name="Mock">Outputs of steps; a step that is not mocked succeeds with a sample of its outputs.</param>
/// <param name="Expect">Expected state by step, or by item as <c>train[1]</c>; <c>run</c> is the run's.</param>
public sealed record WorkflowTest(
    string Name, JsonObject Parameters, IReadOnlyDictionary<string, JsonObject> Mock, IReadOnlyDictionary<string, string> Expect)
{
    /// <summary>When the run is asked for; from here durations count.</summary>
    public DateTimeOffset StartUtc { get; init; } = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What each try at a step does, by step or item; the last goes on for all later tries. A step that is not here succeeds at once.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<RehearsedTry>> Play { get; init; } = new Dictionary<string, IReadOnlyList<RehearsedTry>>();

    /// <summary>What people do, and when.</summary>
    public IReadOnlyList<RehearsedDeed> Then { get; init; } = [];

    /// <summary>Attempts begun, by step or item.</summary>
    public IReadOnlyDictionary<string, int> Attempts { get; init; } = new Dictionary<string, int>();

    /// <summary>Values of outputs, as <c>approve.decision</c> or <c>train[1].trained_model</c>.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Outputs { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>These steps ended in this order.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>When steps ended, from the start on; <c>run</c> is the run's end.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Times { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>Words that the reason of a step, or of the run, holds.</summary>
    public IReadOnlyDictionary<string, string> Reasons { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the parts stand in the file, e.g. <c>expect.deploy</c>; empty for a case made in code.</summary>
    public IReadOnlyDictionary<string, YamlPlace> Places { get; init; } = new Dictionary<string, YamlPlace>();

    /// <summary>Every step that the case names, with the part that names it.</summary>
    internal IEnumerable<(string Part, string Step)> Names => Named.Where(n => n.Name != "run").Select(n => (n.Part, StepOf(n.Name)));

    /// <summary>Every step, item or <c>run</c> that the case names, with the part and its place.</summary>
    internal IEnumerable<(string Part, string Name, YamlPlace Place)> Named =>
        Of("mock", Mock.Keys).Concat(Of("expect", Expect.Keys)).Concat(Of("play", Play.Keys)).Concat(Of("attempts", Attempts.Keys)).Concat(Of("times", Times.Keys))
            .Concat(Of("reasons", Reasons.Keys)).Concat(Outputs.Keys.Select(k => ("outputs", k.Split('.')[0], PlaceOf($"outputs.{k}")))).Concat(Order.Select(o => ("order", o, PlaceOf("order"))))
            .Concat(Then.Where(d => d.Step is not null).Select(d => ("then", d.Step!, d.Place ?? PlaceOf(""))));

    /// <summary>Where a part stands; the case itself where that is not known.</summary>
    internal YamlPlace PlaceOf(string part) => Places.TryGetValue(part, out YamlPlace place) ? place : Places.GetValueOrDefault("");

    /// <summary>The step of <c>train[1]</c>.</summary>
    internal static string StepOf(string name) => name.Split('[')[0];

    private IEnumerable<(string, string, YamlPlace)> Of(string part, IEnumerable<string> names) => names.Select(n => (part, n, PlaceOf($"{part}.{n}")));
}

/// <summary>What one try at a step does.</summary>
public sealed record RehearsedTry
{
    /// <summary>How long it takes; longer than the step's timeout is a failure by it.</summary>
    public TimeSpan Takes { get; init; }

    /// <summary>Outputs in place of the mock's and the sample's.</summary>
    public JsonObject? Gives { get; init; }

    /// <summary>Category of its failure, one of <see cref="Steps.FailureCategories"/>; null succeeds.</summary>
    public string? Fails { get; init; }

    /// <summary>Whether it waits for something outside: the next try begins when somebody votes, wakes it, or <see cref="WaitsFor"/> is over.</summary>
    public bool Waits { get; init; }

    /// <summary>How long it waits at most; null waits for ever.</summary>
    public TimeSpan? WaitsFor { get; init; }

    /// <summary>What it says of its failure or wait.</summary>
    public string? Says { get; init; }
}

/// <summary>What somebody can do to a run.</summary>
public enum RehearsedAct
{
    /// <summary>Votes on a step that waits.</summary>
    Vote,

    /// <summary>Brings about what a step waits for.</summary>
    Wake,

    /// <summary>Pauses the run.</summary>
    Pause,

    /// <summary>Lets it go on.</summary>
    Resume,

    /// <summary>Ends it.</summary>
    Cancel,

    /// <summary>Tries again what failed.</summary>
    Retry,
}

/// <summary>What somebody does, and when.</summary>
/// <param name="At">After the start.</param>
/// <param name="Act">What.</param>
/// <param name="Step">To which step; null for the run, or for every failed step.</param>
public sealed record RehearsedDeed(TimeSpan At, RehearsedAct Act, string? Step = null)
{
    /// <summary>Who does it.</summary>
    public string By { get; init; } = "somebody";

    /// <summary>A vote's decision.</summary>
    public string Decision { get; init; } = "approved";

    /// <summary>Why.</summary>
    public string Says { get; init; } = "";

    /// <summary>Where it stands in the file.</summary>
    public YamlPlace? Place { get; init; }
}
