using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Workflows.Schedules;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>A workflow in one version, valid: whoever holds one need not check it again. Never changes.</summary>
/// <param name="Id">Name after <c>workflow:</c>.</param>
/// <param name="Version">Semantic version.</param>
/// <param name="Summary">What it is for, in one sentence.</param>
/// <param name="Parameters">What a run can be given, in the order of the file.</param>
/// <param name="Concurrency">How many runs of a kind may work at once; null sets no bound.</param>
/// <param name="Steps">Steps in the order of the file.</param>
/// <param name="Tests">Tests that the file carries.</param>
/// <param name="Hash">The <c>workflow_hash</c>: over the content, not over comments and layout.</param>
/// <param name="Text">The file as it was read.</param>
public sealed record WorkflowDefinition(
    string Id, string Version, string Summary, IReadOnlyList<ParameterSpec> Parameters, ConcurrencySpec? Concurrency,
    IReadOnlyList<StepSpec> Steps, IReadOnlyList<WorkflowTest> Tests, ContentHash Hash, string Text)
{
    /// <summary>When it starts by itself; null where it is started by hand alone.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Steps whose kinds are announced, but not built yet: while there are any, no run begins.</summary>
    public IReadOnlyList<StepSpec> Unbuilt { get; init; } = [];

    /// <summary>Why the workflow cannot run in this release, as a sentence; null where it can.</summary>
    public string? Awaits => Unbuilt.Count == 0 ? null
        : $"{string.Join(", ", Unbuilt.Select(s => s.Uses).Distinct())} {(Unbuilt.Select(s => s.Uses).Distinct().Count() == 1 ? "arrives" : "arrive")} with a later release";

    private readonly Dictionary<string, StepSpec> byName = Steps.ToDictionary(s => s.Name, StringComparer.Ordinal);

    /// <summary>Finds a step.</summary>
    public StepSpec Step(string name) => byName[name];

    /// <summary>Whether there is such a step.</summary>
    public bool Has(string name) => byName.ContainsKey(name);

    /// <summary>The step and everything it needs, directly or not.</summary>
    public IReadOnlySet<string> UpTo(string name)
    {
        HashSet<string> reached = new(StringComparer.Ordinal);
        Stack<string> open = new([name]);
        while (open.TryPop(out string? next))
        {
            if (reached.Add(next))
            {
                foreach (string need in Step(next).Needs)
                {
                    open.Push(need);
                }
            }
        }

        return reached;
    }
}

/// <summary>Types of parameters.</summary>
public enum ParameterType
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A ticker.</summary>
    Symbol,

    /// <summary>A pack, <c>id</c> or <c>id@version</c>.</summary>
    Pack,

    /// <summary>A whole number.</summary>
    Int,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A date, <c>yyyy-MM-dd</c>.</summary>
    Date,

    /// <summary>Free keys with values.</summary>
    Map,
}

/// <summary>One parameter.</summary>
/// <param name="Name">Name after <c>params.</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Required">Whether a run must give it: there is no <c>default</c> in the file.</param>
/// <param name="Default">Value of a run that does not give it; null is a value too and means "not set".</param>
/// <param name="Min">Least value of a number.</param>
/// <param name="Max">Greatest value of a number.</param>
/// <param name="Help">What it is for.</param>
public sealed record ParameterSpec(string Name, ParameterType Type, bool Required, JsonNode? Default, double? Min, double? Max, string? Help);

/// <summary>Runs with the same group text share slots. A waiting run holds none.</summary>
/// <param name="Group">Text with parameters in it.</param>
/// <param name="Limit">How many runs of the group may work at once; the others queue.</param>
public sealed record ConcurrencySpec(Template Group, int Limit);

/// <summary>One step.</summary>
/// <param name="Name">Its name in the workflow.</param>
/// <param name="Uses">Its kind.</param>
/// <param name="Needs">Steps that must have ended well before it, those that its expressions refer to included.</param>
/// <param name="With">Its input.</param>
/// <param name="When">Runs only where this holds; null runs always.</param>
/// <param name="WhenText">The condition as written.</param>
/// <param name="ForEach">Once per item of a list; null runs once.</param>
/// <param name="Retry">What to do when an attempt fails.</param>
/// <param name="Timeout">Longest time of one attempt; null sets no bound.</param>
/// <param name="OnFailure">What a failure means for the run.</param>
public sealed record StepSpec(
    string Name, string Uses, IReadOnlyList<string> Needs, IReadOnlyDictionary<string, Template> With, Expression? When, string? WhenText,
    ForEachSpec? ForEach, RetrySpec Retry, TimeSpan? Timeout, OnFailure OnFailure);

/// <summary>Fan-out over a list.</summary>
/// <param name="In">Gives the list.</param>
/// <param name="As">Name of the item in the step's expressions.</param>
/// <param name="MaxParallel">How many items are worked on at once.</param>
public sealed record ForEachSpec(Template In, string As, int MaxParallel);

/// <summary>When and how often an attempt is repeated.</summary>
/// <param name="Attempts">Attempts in all, so 1 never repeats.</param>
/// <param name="Exponential">Whether each pause is twice the one before; else all are alike.</param>
/// <param name="First">The first pause.</param>
/// <param name="On">Failure categories worth another try.</param>
public sealed record RetrySpec(int Attempts, bool Exponential, TimeSpan First, IReadOnlyList<string> On)
{
    /// <summary>No pause is longer.</summary>
    public static TimeSpan PauseMax { get; } = TimeSpan.FromHours(1);

    /// <summary>One attempt and no more.</summary>
    public static RetrySpec None { get; } = new(1, false, TimeSpan.Zero, []);

    /// <summary>The pause after the given number of failures.</summary>
    public TimeSpan PauseAfter(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(PauseMax.TotalMilliseconds, First.TotalMilliseconds * (Exponential ? Math.Pow(2, failures - 1) : 1)));
}

/// <summary>What a step's failure means for its run.</summary>
public enum OnFailure
{
    /// <summary>The run fails.</summary>
    Fail,

    /// <summary>The run goes on; the steps that need this one are skipped.</summary>
    Continue,
}

/// <summary>A test that a workflow file carries.</summary>
/// <param name="Name">A sentence.</param>
/// <param name="Parameters">Parameters of the run.</param>
/// <param name="Mock">Outputs of steps; a step that is not mocked succeeds with empty outputs.</param>
/// <param name="Expect">Expected state by step name; <c>run</c> is the run's.</param>
public sealed record WorkflowTest(
    string Name, JsonObject Parameters, IReadOnlyDictionary<string, JsonObject> Mock, IReadOnlyDictionary<string, string> Expect);
