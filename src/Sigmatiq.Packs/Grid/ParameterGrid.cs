using System.Text.Json.Nodes;

namespace Sigmatiq.Packs.Grid;

/// <summary>One value of a swept parameter: a number, a list of hours, a word, or <c>none</c> (the exit is off).</summary>
public sealed record GridValue
{
    private GridValue() { }

    /// <summary>The number, or null.</summary>
    public double? Number { get; private init; }

    /// <summary>The hours, or null.</summary>
    public HourSet? Hours { get; private init; }

    /// <summary>The word, or null; <c>all_day</c> and other presets keep theirs beside <see cref="Hours"/>.</summary>
    public string? Word { get; private init; }

    /// <summary>Whether the value switches its exit off.</summary>
    public bool IsNone => Number is null && Hours is null && Word == "none";

    /// <summary>The value that switches an exit off.</summary>
    public static GridValue None { get; } = new() { Word = "none" };

    /// <summary>A number.</summary>
    public static GridValue Of(double number) => new() { Number = number };

    /// <summary>Hours, with the preset's name where it was one.</summary>
    public static GridValue Of(HourSet hours, string? preset = null) => new() { Hours = hours, Word = preset };

    /// <summary>A word.</summary>
    public static GridValue Of(string word) => new() { Word = word };

    /// <summary>The value in a config: presets expanded (02 §2.5).</summary>
    public JsonNode ToJson() => Number is { } number ? JsonValue.Create(number) : Hours is { } hours ? hours.ToJson() : JsonValue.Create(Word!);

    /// <summary>The value as it was asked for: presets by name.</summary>
    public JsonNode ToRequestJson() => Hours is not null && Word is not null ? JsonValue.Create(Word) : ToJson();
}

/// <summary>One swept parameter with its values.</summary>
/// <param name="RequestKey">Key in the request: <c>thresholds</c>.</param>
/// <param name="Key">Key in the combo: <c>threshold</c>.</param>
/// <param name="Values">Values in the order of the request.</param>
public sealed record GridAxis(string RequestKey, string Key, IReadOnlyList<GridValue> Values);

/// <summary>One set of parameters within a sweep.</summary>
/// <param name="Id">From 1, row-major over the axes (02 §2.4).</param>
/// <param name="Values">Parameters by combo key, in the order of the axes.</param>
public sealed record Combo(int Id, IReadOnlyList<KeyValuePair<string, GridValue>> Values)
{
    /// <summary>The value of a parameter, or null where the sweep does not vary it.</summary>
    public GridValue? Find(string key)
    {
        foreach (var (name, value) in Values)
        {
            if (name == key)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The parameters as JSON, presets expanded.</summary>
    public JsonObject ToJson() => new(Values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value.ToJson())));
}

/// <summary>The Cartesian product that a sweep spans: axes in registry order, the last fastest, ids from 1.</summary>
public sealed class ParameterGrid
{
    private readonly string[] keys;
    private readonly GridValue[][] values;

    /// <summary>A grid over axes that are already in registry order.</summary>
    public ParameterGrid(IReadOnlyList<GridAxis> axes)
    {
        Axes = axes;
        keys = [.. axes.Select(a => a.Key)];
        values = [.. axes.Select(a => a.Values.ToArray())];
        long size = 1;
        foreach (GridAxis axis in axes)
        {
            size = checked(size * axis.Values.Count);
        }

        Size = size;
    }

    /// <summary>The axes in registry order.</summary>
    public IReadOnlyList<GridAxis> Axes { get; }

    /// <summary>Number of combos.</summary>
    public long Size { get; }

    /// <summary>The combo of an id from 1 to <see cref="Size"/>.</summary>
    public Combo Combo(int id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(id, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(id, Size);
        var chosen = new KeyValuePair<string, GridValue>[keys.Length];
        int rest = id - 1;
        for (int a = chosen.Length - 1; a >= 0; a--)
        {
            (rest, int at) = Math.DivRem(rest, values[a].Length);
            chosen[a] = new(keys[a], values[a][at]);
        }

        return new(id, chosen);
    }

    /// <summary>All combos in the order of their ids.</summary>
    public IEnumerable<Combo> Combos()
    {
        for (int id = 1; id <= Size; id++)
        {
            yield return Combo(id);
        }
    }

    /// <summary>Position of a combo on each axis, from 0.</summary>
    public int[] Indices(int id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(id, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(id, Size);
        int[] indices = new int[Axes.Count];
        long rest = id - 1;
        for (int a = Axes.Count - 1; a >= 0; a--)
        {
            indices[a] = (int)(rest % Axes[a].Values.Count);
            rest /= Axes[a].Values.Count;
        }

        return indices;
    }

    /// <summary>The id of a position on each axis.</summary>
    public int IdOf(ReadOnlySpan<int> indices)
    {
        long id = 0;
        for (int a = 0; a < Axes.Count; a++)
        {
            id = (id * Axes[a].Values.Count) + indices[a];
        }

        return (int)(id + 1);
    }
}
