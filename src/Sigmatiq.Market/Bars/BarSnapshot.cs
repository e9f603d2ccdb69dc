using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Market.Bars;

/// <summary>One state of the bars of a symbol and interval; it never changes, and its id binds every byte (02 §2.5).</summary>
/// <param name="Id">Hash over source version, instrument, interval, range and the bytes of the bar files: <c>data_snapshot_id</c>.</param>
/// <param name="Symbol">Whose bars.</param>
/// <param name="Interval">How long they are.</param>
/// <param name="Source">Where they come from: <c>simulator</c>, <c>import</c>, <c>resample</c>.</param>
/// <param name="SourceVersion">Which version of it.</param>
/// <param name="FirstStartUtc">Start of the first bar.</param>
/// <param name="LastStartUtc">Start of the last bar.</param>
/// <param name="Bars">How many.</param>
/// <param name="Findings">What the quality gates found when they came in: rule → bars.</param>
public sealed record BarSnapshot(
    ContentHash Id, Symbol Symbol, Interval Interval, string Source, string SourceVersion, DateTimeOffset FirstStartUtc, DateTimeOffset LastStartUtc,
    long Bars, IReadOnlyDictionary<string, int> Findings)
{
    /// <summary>Whether the simulator made the bars; every screen that shows a result of them says so.</summary>
    public bool IsSynthetic => Symbol.IsSynthetic;
}

/// <summary>Where bars come from.</summary>
/// <param name="Name"><c>simulator</c>, <c>import</c> or <c>resample</c>.</param>
/// <param name="Version">Changes whenever the same request would give other bars.</param>
public sealed record BarOrigin(string Name, string Version)
{
    /// <summary>Files that a person brought.</summary>
    public static readonly BarOrigin Import = new("import", "import-1");
}
