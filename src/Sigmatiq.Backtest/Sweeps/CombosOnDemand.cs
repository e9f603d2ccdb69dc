using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>The combos of a sweep, each made when it is asked for: all of a large one at once would be half a gigabyte of JSON.</summary>
internal sealed class CombosOnDemand(IReadOnlyList<int> ids, Func<int, StoredCombo> make) : IReadOnlyDictionary<int, StoredCombo>
{
    private readonly HashSet<int> known = [.. ids];

    public IEnumerable<int> Keys => ids;

    public IEnumerable<StoredCombo> Values => ids.Select(make);

    public int Count => ids.Count;

    public StoredCombo this[int key] => ContainsKey(key) ? make(key) : throw new KeyNotFoundException($"There is no combo {key}.");

    public bool ContainsKey(int key) => known.Contains(key);

    public bool TryGetValue(int key, [MaybeNullWhen(false)] out StoredCombo value)
    {
        value = ContainsKey(key) ? make(key) : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<int, StoredCombo>> GetEnumerator() => ids.Select(id => KeyValuePair.Create(id, make(id))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
