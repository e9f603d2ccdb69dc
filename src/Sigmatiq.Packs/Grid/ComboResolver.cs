using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Packs.Grid;

/// <summary>Applies combos to a model: combo over model over pack. Indicator sets are made once per distinct set of parameters.</summary>
/// <remarks>Safe for several threads.</remarks>
public sealed class ComboResolver
{
    private readonly Pack pack;
    private readonly ModelConfig model;
    private readonly HourSet sessionHours;
    private readonly ConfidenceKind? confidence;
    private readonly IReadOnlyList<IndicatorInstance> full;
    private readonly Dictionary<string, IndicatorOverride?> overrides = new(StringComparer.Ordinal);
    private readonly IndicatorSet unchanged;
    private (string Name, IndicatorOverride? Change)[] lastShape = [];

    /// <summary>Prepares a model.</summary>
    /// <param name="pack">The pack that the model pins.</param>
    /// <param name="model">The model.</param>
    /// <param name="sessionHours">The hours of <c>all_day</c>, for combos without an hour filter.</param>
    /// <param name="confidence">What thresholds are compared with, where the pack uses a confidence.</param>
    public ComboResolver(Pack pack, ModelConfig model, HourSet sessionHours, ConfidenceKind confidence = ConfidenceKind.Classifier)
    {
        this.pack = pack;
        this.model = model;
        this.sessionHours = sessionHours;
        this.confidence = pack.Policies.Engine.Confidence == ConfidenceUse.Required ? confidence : null;
        full = model.FullIndicators(pack);
        unchanged = new(full, []);
    }

    /// <summary>The effective config of a combo.</summary>
    public EffectiveConfig Resolve(Combo combo)
    {
        ReadOnlySpan<KeyValuePair<string, GridValue>> values = combo.Values as KeyValuePair<string, GridValue>[] ?? [.. combo.Values];
        var (indicators, key) = IndicatorsOf(values).Made;
        double? threshold = null, size = null, stop = model.Risk.StopLossPct, target = model.Risk.TakeProfitPct, days = model.Risk.TimeStopDays;

        // A swept trail is on by being swept; a model's is on by its flag.
        double? trail = model.Risk.TrailingStop ? model.Risk.TrailingStopPct : null, positions = null;
        HourSet? hours = null;
        foreach (var (name, value) in values)
        {
            switch (name)
            {
                case "threshold": threshold = value.Number; break;
                case "allowed_hours": hours = value.Hours; break;
                case "position_size_pct": size = value.Number; break;
                case "stop_loss_pct": stop = value.Number; break;
                case "take_profit_pct": target = value.Number; break;
                case "trailing_stop_pct": trail = value.Number; break;
                case "hold_days": days = value.Number; break;
                case "max_positions": positions = value.Number; break;
            }
        }

        return new()
        {
            Combo = combo,
            Model = model,
            Pack = pack,
            Indicators = indicators,
            IndicatorKey = key,
            Confidence = confidence,
            Threshold = threshold,
            AllowedHours = hours ?? sessionHours,
            PositionSizePct = size,
            StopLossPct = stop,
            TakeProfitPct = target,
            TrailingStopPct = trail,
            TimeStopDays = (int?)days,
            MaxPositions = (int)(positions ?? model.Risk.MaxPositions),
        };
    }

    // Sets are found by the values on the way to them, parameter by parameter, so that a combo costs no text.
    private IndicatorSet IndicatorsOf(ReadOnlySpan<KeyValuePair<string, GridValue>> values)
    {
        IndicatorSet set = unchanged;
        (string Name, IndicatorOverride? Change)[] shape = ShapeOf(values);
        for (int i = 0; i < shape.Length; i++)
        {
            if (shape[i].Change is { } change && values[i].Value.Number is { } number)
            {
                set = set.With(change, number);
            }
        }

        return set;
    }

    // What the parameters of a combo mean; those of one grid stand in one order.
    private (string Name, IndicatorOverride? Change)[] ShapeOf(ReadOnlySpan<KeyValuePair<string, GridValue>> values)
    {
        (string Name, IndicatorOverride? Change)[] shape = Volatile.Read(ref lastShape);
        bool fits = shape.Length == values.Length;
        for (int i = 0; fits && i < shape.Length; i++)
        {
            fits = shape[i].Name == values[i].Key;
        }

        if (fits)
        {
            return shape;
        }

        shape = new (string, IndicatorOverride?)[values.Length];
        lock (overrides)
        {
            for (int i = 0; i < shape.Length; i++)
            {
                string name = values[i].Key;
                if (!overrides.TryGetValue(name, out IndicatorOverride? change))
                {
                    overrides[name] = change = IndicatorOverride.Parse(name, full);
                }

                shape[i] = (name, change);
            }
        }

        Volatile.Write(ref lastShape, shape);
        return shape;
    }

    private sealed class IndicatorSet(IReadOnlyList<IndicatorInstance> full, IReadOnlyList<(IndicatorOverride Change, double Value)> changes)
    {
        private readonly Lock gate = new();
        private readonly Lazy<(IReadOnlyList<IndicatorInstance>, string)> made = new(() => Make(full, changes));
        private (IndicatorOverride Change, double Value, IndicatorSet Set)[] next = [];

        public (IReadOnlyList<IndicatorInstance> Indicators, string Key) Made => made.Value;

        public IndicatorSet With(IndicatorOverride change, double value)
        {
            if (Find(Volatile.Read(ref next), change, value) is { } there)
            {
                return there;
            }

            lock (gate)
            {
                if (Find(next, change, value) is { } meanwhile)
                {
                    return meanwhile;
                }

                var set = new IndicatorSet(full, [.. changes, (change, value)]);
                Volatile.Write(ref next, [.. next, (change, value, set)]);
                return set;
            }
        }

        private static IndicatorSet? Find((IndicatorOverride Change, double Value, IndicatorSet Set)[] among, IndicatorOverride change, double value)
        {
            foreach ((IndicatorOverride known, double of, IndicatorSet there) in among)
            {
                if (ReferenceEquals(known, change) && of == value)
                {
                    return there;
                }
            }

            return null;
        }

        private static (IReadOnlyList<IndicatorInstance>, string) Make(
            IReadOnlyList<IndicatorInstance> full, IReadOnlyList<(IndicatorOverride Change, double Value)> changes)
        {
            IReadOnlyList<IndicatorInstance> indicators = changes.Aggregate(
                full, (all, c) => [.. all.Select(i => i.Id == c.Change.IndicatorId ? i.With(c.Change.Parameter, c.Value) : i)]);
            return (indicators, CanonicalJson.Text(EffectiveConfig.InstancesJson(indicators)));
        }
    }
}
