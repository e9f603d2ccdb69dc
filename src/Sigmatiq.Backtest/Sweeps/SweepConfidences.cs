using System.Text.Json.Nodes;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>The confidence columns of a sweep, one per distinct pair of indicator parameters and barriers, all from one source.</summary>
public sealed class SweepConfidences
{
    private readonly IConfidenceSource? source;

    private SweepConfidences(IConfidenceSource? source, IReadOnlyDictionary<string, ConfidenceColumn> columns)
    {
        this.source = source;
        Columns = columns;
    }

    /// <summary>For a pack that uses no confidence.</summary>
    public static SweepConfidences None { get; } = new(null, new Dictionary<string, ConfidenceColumn>());

    /// <summary>The columns by their keys.</summary>
    public IReadOnlyDictionary<string, ConfidenceColumn> Columns { get; }

    /// <summary><c>rule</c>, <c>classifier</c>, or <c>none</c> where rules alone decide.</summary>
    public string Source => Columns.Count == 0 ? "none" : Columns.Values.First().Source;

    /// <summary>Whether a classifier was asked for and had too little data.</summary>
    public bool FellBack { get; private init; }

    /// <summary>What is known of the columns' skill; null for rule scores.</summary>
    public JsonObject? Skill => ConfidenceSkills.Summary(Columns);

    /// <summary>The column of a config, or null where the pack uses none.</summary>
    public ConfidenceColumn? Of(EffectiveConfig config) => source is null ? null : Columns[source.KeyOf(config)];

    /// <summary>Whether the column of a config is there, or none is needed.</summary>
    public bool Knows(EffectiveConfig config) => source is null || Columns.ContainsKey(source.KeyOf(config));

    /// <summary>Works out every distinct column. Where the classifier has too little data for any block of any pair, all combos take the rule
    /// score: columns of two kinds cannot be compared with one threshold.</summary>
    /// <param name="configs">The combos' configs.</param>
    /// <param name="inputs">Bars and window.</param>
    /// <param name="source">Where confidences come from.</param>
    /// <param name="seed">Seed of everything that is drawn.</param>
    /// <param name="threads">Columns worked out at a time; the result does not depend on it.</param>
    /// <param name="done">Told how many columns of how many are done, from any thread; null if nobody asks.</param>
    /// <param name="ct">Stops the work.</param>
    public static SweepConfidences Compute(
        IReadOnlyList<EffectiveConfig> configs, SweepInputs inputs, IConfidenceSource source, long seed, int threads, Action<int, int>? done, CancellationToken ct)
    {
        if (!inputs.Bars.Options.UsesConfidence)
        {
            return None;
        }

        var columns = ColumnsOf(configs, inputs, source, seed, threads, done, ct);
        SweepWindow window = inputs.Window;
        bool isPoor = columns.Values.Any(c => c.Source == ConfidenceColumn.Classifier && c.FirstBar(window.From, window.To) == window.To);
        if (!isPoor)
        {
            return new(source, columns);
        }

        RuleScoreConfidence rule = new();
        return new(rule, ColumnsOf(configs, inputs, rule, seed, 1, null, ct)) { FellBack = true };
    }

    /// <summary>The distinct pairs of some configs with their keys, in the order of the configs.</summary>
    internal static IReadOnlyList<(string Key, ConfidencePair Pair)> PairsOf(
        IReadOnlyList<EffectiveConfig> configs, SweepInputs inputs, IConfidenceSource source, long seed, CancellationToken ct)
    {
        List<(string, ConfidencePair)> pairs = [];
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (EffectiveConfig config in configs)
        {
            ct.ThrowIfCancellationRequested();
            if (source.KeyOf(config) is var key && known.Add(key))
            {
                pairs.Add((key, new(config, inputs.Bars.Rules(config), inputs, seed)));
            }
        }

        return pairs;
    }

    private static Dictionary<string, ConfidenceColumn> ColumnsOf(
        IReadOnlyList<EffectiveConfig> configs, SweepInputs inputs, IConfidenceSource source, long seed, int threads, Action<int, int>? done, CancellationToken ct)
    {
        IReadOnlyList<(string Key, ConfidencePair Pair)> pairs = PairsOf(configs, inputs, source, seed, ct);

        // What an earlier attempt finished is counted first, so that a sweep that goes on does not seem to begin again.
        ConfidenceColumn?[] columns = [.. pairs.Select(p => source.Find(p.Pair))];
        int[] missing = [.. Enumerable.Range(0, columns.Length).Where(i => columns[i] is null)];
        int finished = columns.Length - missing.Length;
        if (finished > 0)
        {
            done?.Invoke(finished, columns.Length);
        }

        void Take(int n)
        {
            columns[missing[n]] = source.For(pairs[missing[n]].Pair, ct);
            done?.Invoke(Interlocked.Increment(ref finished), columns.Length);
        }

        SharedLoop.Run(missing.Length, threads, Take, ct);
        return pairs.Zip(columns).ToDictionary(c => c.First.Key, c => c.Second!, StringComparer.Ordinal);
    }
}
