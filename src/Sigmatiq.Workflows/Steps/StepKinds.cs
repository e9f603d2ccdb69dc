using System.Diagnostics.CodeAnalysis;

namespace Sigmatiq.Workflows.Steps;

/// <summary>The step kinds of this program, by name.</summary>
public sealed class StepKinds
{
    private readonly Dictionary<string, Entry> byName = new(StringComparer.Ordinal);

    private readonly Dictionary<string, AnnouncedKind> announced = new(StringComparer.Ordinal);

    private readonly Dictionary<string, IStepKind> parts;

    /// <summary>Registers the kinds.</summary>
    /// <param name="kinds">The kinds.</param>
    /// <param name="announced">Kinds that files may name already; one that is built as well counts as built.</param>
    /// <param name="parts">What does pieces of other kinds' work on any node; no file can name it.</param>
    /// <exception cref="ArgumentException">Two kinds have one name.</exception>
    public StepKinds(IEnumerable<IStepKind> kinds, IEnumerable<AnnouncedKind>? announced = null, IEnumerable<IStepKind>? parts = null)
    {
        this.parts = (parts ?? []).ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (AnnouncedKind kind in announced ?? [])
        {
            this.announced.Add(kind.Name, kind);
        }

        foreach (IStepKind kind in kinds)
        {
            byName.Add(kind.Name, new(kind, StepFields.Of(kind.InputType), StepFields.Of(kind.OutputType)));
        }
    }

    /// <summary>Names in ordinal order.</summary>
    public IReadOnlyList<string> Names => [.. byName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Every name that files can use with what it does, built or announced, in ordinal order.</summary>
    public IReadOnlyList<(string Name, string Summary)> Described =>
    [
        .. byName.Values.Select(e => (e.Kind.Name, e.Kind.Summary)).Concat(announced.Values.Where(a => !byName.ContainsKey(a.Name)).Select(a => (a.Name, $"{a.Summary} (announced)")))
            .OrderBy(k => k.Item1, StringComparer.Ordinal),
    ];

    /// <summary>The announced kind of a name; null where there is none, or where it has been built.</summary>
    public AnnouncedKind? Announced(string name) => byName.ContainsKey(name) ? null : announced.GetValueOrDefault(name);

    /// <summary>Finds a kind with its fields.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Entry? entry) => byName.TryGetValue(name, out entry);

    /// <summary>What a shard of a name runs: a kind, or what does pieces of one; null where there is none.</summary>
    public IStepKind? ForShard(string name) => byName.TryGetValue(name, out Entry? entry) ? entry.Kind : parts.GetValueOrDefault(name);

    /// <summary>A kind with the fields that workflow files are checked against.</summary>
    /// <param name="Kind">The kind.</param>
    /// <param name="Inputs">Fields of <c>with:</c>.</param>
    /// <param name="Outputs">Fields of <c>steps.NAME.outputs</c>.</param>
    public sealed record Entry(IStepKind Kind, IReadOnlyList<StepField> Inputs, IReadOnlyList<StepField> Outputs);
}
