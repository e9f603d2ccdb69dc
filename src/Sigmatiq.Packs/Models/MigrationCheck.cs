using System.Globalization;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Models;

/// <summary>One input of a model, computed on the same bars before and after a migration.</summary>
/// <param name="Name">Its name in rules: <c>rsi</c>, <c>bb_upper</c>, <c>volume_surge</c>.</param>
/// <param name="Kind"><c>indicator</c> or <c>feature</c>.</param>
/// <param name="Bars">Bars compared.</param>
/// <param name="Defined">Bars on which it was defined before.</param>
/// <param name="Differing">Bars on which it differs in any bit, undefined against defined included.</param>
/// <param name="FirstDifference">The first of them with both values, or null.</param>
public sealed record InputCheck(string Name, string Kind, int Bars, int Defined, int Differing, string? FirstDifference);

/// <summary>Measures on bars that a migration leaves every indicator and feature of a model as it was, bit for bit (01 §1.12).</summary>
public static class MigrationCheck
{
    /// <summary>Computes every input of the model on both versions and compares them.</summary>
    /// <param name="before">The model as it is.</param>
    /// <param name="from">The pack it is pinned to.</param>
    /// <param name="after">The model as it would be.</param>
    /// <param name="to">The pack it would be pinned to.</param>
    /// <param name="bars">Bars to compare on.</param>
    /// <param name="calendar">Sessions of their exchange.</param>
    public static IReadOnlyList<InputCheck> Of(ModelConfig before, Pack from, ModelConfig after, Pack to, BarColumns bars, ISessionCalendar calendar)
    {
        FrameColumns was = Columns(before, from, bars, calendar), now = Columns(after, to, bars, calendar);
        List<InputCheck> checks = [];
        foreach (string name in before.FullIndicators(from).SelectMany(i => i.OutputNames()))
        {
            checks.Add(Check(name, "indicator", was, now, bars));
        }

        foreach (string name in before.Features.Concat(before.HiddenFeatures))
        {
            checks.Add(Check(name, "feature", was, now, bars));
        }

        return checks;
    }

    /// <summary>MDL-1010 for every input that differs.</summary>
    public static IReadOnlyList<Problem> Problems(IReadOnlyList<InputCheck> checks, Pack to) =>
    [
        .. checks.Where(c => c.Differing > 0).Select(c => new Problem(
            "MDL-1010", string.Create(CultureInfo.InvariantCulture, $"The {c.Kind} {c.Name} would differ on {c.Differing} of {c.Bars} bars on {to.Reference}, first {c.FirstDifference}."),
            $"{c.Kind}s.{c.Name}", "Keep the version, or make a new model: its trials are others.", ExitCode.BadUsage)),
    ];

    private static FrameColumns Columns(ModelConfig model, Pack pack, BarColumns bars, ISessionCalendar calendar)
    {
        BarColumns traded = pack.Policies.Engine.Prices == PriceKind.Adjusted ? bars.Adjusted() : bars;
        bool isDayFrame = pack.Policies.Engine.RuleFrame == RuleFrameKind.Day && bars.Interval != Interval.Day1;
        return new(isDayFrame ? RuleFrame.OfDays(traded, calendar) : RuleFrame.OfBars(traded), calendar, RuleScope.OfModel(pack, model));
    }

    private static InputCheck Check(string name, string kind, FrameColumns was, FrameColumns now, BarColumns bars)
    {
        double[] before = was.Column(name);

        // An input that nothing needs any more is no longer there, and then nothing can differ by it.
        double[] after = now.Scope.Find(name) is null ? before : now.Column(name);
        int differing = 0, defined = 0;
        string? first = null;
        for (int t = 0; t < before.Length; t++)
        {
            defined += double.IsNaN(before[t]) ? 0 : 1;
            if (BitConverter.DoubleToInt64Bits(before[t]) != BitConverter.DoubleToInt64Bits(after[t]) && !(double.IsNaN(before[t]) && double.IsNaN(after[t])))
            {
                differing++;
                first ??= string.Create(CultureInfo.InvariantCulture, $"{bars.StartUtc(t):yyyy-MM-dd'T'HH:mm'Z'} ({before[t]:R} → {after[t]:R})");
            }
        }

        return new(name, kind, before.Length, defined, differing, first);
    }
}
