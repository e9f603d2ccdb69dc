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

    /// <summary>The content of the file as JSON, keys in its order: what <see cref="WorkflowDocument"/> is given back to write.</summary>
    public JsonObject Content { get; init; } = [];

    /// <summary>What the workflow gives to whoever runs it as a step, in the order of the file; empty where it declares nothing.</summary>
    public IReadOnlyList<WorkflowOutput> Outputs { get; init; } = [];

    /// <summary>What may be meant, but is worth a look: workflows that steps name and nobody knows yet. They keep nothing from running.</summary>
    public IReadOnlyList<Store.Errors.Problem> Warnings { get; init; } = [];

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

    /// <summary>A length of time, <c>10m</c>.</summary>
    Duration,

    /// <summary>An instant, ISO 8601 with <c>Z</c> or an offset.</summary>
    Instant,

    /// <summary>A list of values of one type.</summary>
    List,

    /// <summary>Free keys with values.</summary>
    Map,
}

/// <summary>One parameter.</summary>
/// <param name="Name">Name after <c>params.</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Required">Whether a run must give it: there is no <c>default</c> in the file.</param>
/// <param name="Default">Value of a run that does not give it; null is a value too and means "not set".</param>
/// <param name="Min">Least value of a number, least count of a list.</param>
/// <param name="Max">Greatest value of a number, greatest count of a list.</param>
/// <param name="Help">What it is for.</param>
public sealed record ParameterSpec(string Name, ParameterType Type, bool Required, JsonNode? Default, double? Min, double? Max, string? Help)
{
    /// <summary>First date allowed.</summary>
    public DateOnly? Earliest { get; init; }

    /// <summary>Last date allowed.</summary>
    public DateOnly? Latest { get; init; }

    /// <summary>The only values allowed, in the order of the file; empty where the type alone decides.</summary>
    public IReadOnlyList<JsonNode> OneOf { get; init; } = [];

    /// <summary>Type of the items of a list.</summary>
    public ParameterType Items { get; init; } = ParameterType.Text;
}

/// <summary>A value that a workflow gives to whoever runs it as a step.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Where it comes from: outputs of steps, parameters, the run.</param>
public sealed record WorkflowOutput(string Name, Template Value);

/// <summary>Runs with the same group text share slots. A waiting run holds none.</summary>
/// <param name="Group">Text with parameters in it.</param>
/// <param name="Limit">How many runs of the group may work at once; the others queue or are refused.</param>
public sealed record ConcurrencySpec(Template Group, int Limit)
{
    /// <summary>What becomes of a run that is asked for while the group is full.</summary>
    public WhenFull WhenFull { get; init; } = WhenFull.Queue;
}

/// <summary>What becomes of a run that is asked for while its group is full.</summary>
public enum WhenFull
{
    /// <summary>It waits for its turn.</summary>
    Queue,

    /// <summary>There is no run: whoever asks is told.</summary>
    Refuse,
}

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

/// <summary>Fan-out over a list or a grid.</summary>
/// <param name="In">Gives the items: a list, or a <see cref="Template.Grid"/>.</param>
/// <param name="As">Name of the item in the step's expressions.</param>
/// <param name="MaxParallel">How many items are worked on at once.</param>
public sealed record ForEachSpec(Template In, string As, int MaxParallel)
{
    /// <summary>Most items where the file names no other bound.</summary>
    public const int ItemsDefault = 1_000;

    /// <summary>No bound is higher: every item is a row, an event and an entry of the state.</summary>
    public const int ItemsMax = 10_000;

    /// <summary>Most items; a fan-out that is larger is refused as a whole.</summary>
    public int Max { get; init; } = ItemsDefault;

    /// <summary>The items.</summary>
    /// <exception cref="ExpressionException">There is no list, or there are more than <see cref="Max"/> items.</exception>
    public JsonArray Items(NameLookup names)
    {
        JsonArray items = In is Template.Grid grid ? grid.Points(names, Max)
            : In.Fill(names) as JsonArray ?? throw new ExpressionException("for_each.in is no list");
        return items.Count <= Max ? items : throw TooMany(items.Count, Max);
    }

    internal static ExpressionException TooMany(double items, int max) =>
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"for_each has {items} items, {max} are allowed")) { Code = WorkflowCodes.TooManyItems };
}

/// <summary>When and how often an attempt is repeated.</summary>
/// <param name="Attempts">Attempts in all, so 1 never repeats.</param>
/// <param name="Exponential">Whether each pause is twice the one before; else all are alike.</param>
/// <param name="First">The first pause.</param>
/// <param name="On">Failure categories and codes worth another try.</param>
public sealed record RetrySpec(int Attempts, bool Exponential, TimeSpan First, IReadOnlyList<string> On)
{
    /// <summary>No pause is longer.</summary>
    public static TimeSpan PauseMax { get; } = TimeSpan.FromHours(1);

    /// <summary>One attempt and no more.</summary>
    public static RetrySpec None { get; } = new(1, false, TimeSpan.Zero, []);

    /// <summary>Whether a failure is worth another try.</summary>
    /// <param name="category">Its category.</param>
    /// <param name="code">Its code.</param>
    public bool Covers(string category, string code) => On.Contains(category) || On.Contains(code);

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
