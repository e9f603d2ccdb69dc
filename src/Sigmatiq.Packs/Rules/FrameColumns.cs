using System.Collections.Concurrent;
using Sigmatiq.Indicators.Catalog;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs.Models;

namespace Sigmatiq.Packs.Rules;

/// <summary>Indicator columns of one frame, shared by all parameter sets that need the same ones: each distinct indicator and setting is
/// computed once. Safe for many threads.</summary>
public sealed class IndicatorColumns(RuleFrame frame)
{
    private readonly ConcurrentDictionary<string, Lazy<double[][]>> byValue = new(StringComparer.Ordinal);

    /// <summary>The frame the columns live on.</summary>
    public RuleFrame Frame => frame;

    /// <summary>How many distinct indicators were computed.</summary>
    public int Computed => byValue.Count(p => p.Value.IsValueCreated);

    /// <summary>The outputs of an indicator, each of shape [bars].</summary>
    public double[][] Outputs(IndicatorInstance indicator) =>
        byValue.GetOrAdd(indicator.ValueKey(), _ => new(() => FrameIndicators.Compute(indicator.Catalog!.Spec, indicator.Settings(), frame))).Value;
}

/// <summary>The columns that names stand for on one frame with one set of parameters, computed when first asked for and kept.</summary>
/// <remarks>One instance serves one thread at a time; give several instances one <see cref="IndicatorColumns"/> to share work.</remarks>
public sealed class FrameColumns
{
    private readonly ISessionCalendar calendar;
    private readonly IndicatorColumns indicators;
    private readonly Dictionary<string, double[]> columns = new(StringComparer.Ordinal);

    /// <summary>Columns over a frame.</summary>
    /// <param name="frame">The rule frame.</param>
    /// <param name="calendar">Whose clock <c>hour</c> is.</param>
    /// <param name="scope">The names and the parameters behind them.</param>
    /// <param name="shared">Indicator columns of the same frame to share; new ones if left out.</param>
    public FrameColumns(RuleFrame frame, ISessionCalendar calendar, RuleScope scope, IndicatorColumns? shared = null)
    {
        if (shared is not null && !ReferenceEquals(shared.Frame, frame))
        {
            throw new ArgumentException("Shared indicator columns belong to another frame.", nameof(shared));
        }

        Frame = frame;
        Scope = scope;
        this.calendar = calendar;
        indicators = shared ?? new(frame);
    }

    /// <summary>The frame.</summary>
    public RuleFrame Frame { get; }

    /// <summary>The names.</summary>
    public RuleScope Scope { get; }

    /// <summary>Number of bars.</summary>
    public int Count => Frame.Count;

    /// <summary>The column of a name, shape [bars], NaN = undefined, bools 1 and 0. Shared: do not change it.</summary>
    /// <exception cref="ArgumentException">No such name; expressions are checked before, so only a caller's own name can fail.</exception>
    public double[] Column(string name)
    {
        RuleName known = Scope.Find(name) ?? throw new ArgumentException($"There is no column '{name}'.", nameof(name));
        if (columns.TryGetValue(known.Canonical, out double[]? column))
        {
            return column;
        }

        column = known.Kind switch
        {
            RuleNameKind.BarField => Field(known.Canonical),
            RuleNameKind.Clock => ClockColumns.Of(Frame.Bars, calendar, known.Canonical),
            RuleNameKind.Indicator => indicators.Outputs(Scope.Indicator(known.Source!))[known.Output],
            RuleNameKind.Feature => Scope.FeatureProgram(known.Canonical).Value.Evaluate(this),
            RuleNameKind.Constant => Series.Of(Scope.Constant(known.Canonical)).ToColumn(Count),
            _ => throw new ArgumentException($"'{name}' is known only inside a position.", nameof(name)),
        };
        columns[known.Canonical] = column;
        return column;
    }

    private double[] Field(string name) => name switch
    {
        "open" => Frame.Open,
        "high" => Frame.High,
        "low" => Frame.Low,
        "close" => Frame.Close,
        _ => Frame.Volume,
    };
}
