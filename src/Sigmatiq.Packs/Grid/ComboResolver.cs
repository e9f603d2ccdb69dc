using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Packs.Grid;

/// <summary>Applies combos to a model: combo over model over pack. Indicator sets are made once per distinct set of parameters.</summary>
/// <param name="pack">The pack that the model pins.</param>
/// <param name="model">The model.</param>
/// <param name="sessionHours">The hours of <c>all_day</c>, for combos without an hour filter.</param>
/// <param name="confidence">What thresholds are compared with, where the pack uses a confidence.</param>
public sealed class ComboResolver(Pack pack, ModelConfig model, HourSet sessionHours, ConfidenceKind confidence = ConfidenceKind.Classifier)
{
    private readonly IReadOnlyList<IndicatorInstance> full = model.FullIndicators(pack);
    private readonly Dictionary<string, IndicatorOverride?> overrides = new(StringComparer.Ordinal);
    private readonly IndicatorSet unchanged = new([]);

    /// <summary>The effective config of a combo. Not safe for several threads.</summary>
    public EffectiveConfig Resolve(Combo combo)
    {
        var (indicators, key) = IndicatorsOf(combo);
        double? Exit(string name, double? fromModel) => combo.Find(name) is { } value ? value.Number : fromModel;
        return new()
        {
            Combo = combo,
            Model = model,
            Pack = pack,
            Indicators = indicators,
            IndicatorKey = key,
            Confidence = pack.Policies.Engine.Confidence == ConfidenceUse.Required ? confidence : null,
            Threshold = combo.Find("threshold")?.Number,
            AllowedHours = combo.Find("allowed_hours")?.Hours ?? sessionHours,
            PositionSizePct = combo.Find("position_size_pct")?.Number,
            StopLossPct = Exit("stop_loss_pct", model.Risk.StopLossPct),
            TakeProfitPct = Exit("take_profit_pct", model.Risk.TakeProfitPct),

            // A swept trail is on by being swept; a model's is on by its flag.
            TrailingStopPct = Exit("trailing_stop_pct", model.Risk.TrailingStop ? model.Risk.TrailingStopPct : null),
            TimeStopDays = (int?)Exit("hold_days", model.Risk.TimeStopDays),
            MaxPositions = (int)(combo.Find("max_positions")?.Number ?? model.Risk.MaxPositions),
        };
    }

    // Sets are found by the values on the way to them, parameter by parameter, so that a combo costs no text.
    private (IReadOnlyList<IndicatorInstance> Indicators, string Key) IndicatorsOf(Combo combo)
    {
        IndicatorSet set = unchanged;
        for (int i = 0; i < combo.Values.Count; i++)
        {
            (string name, GridValue value) = combo.Values[i];
            if (!overrides.TryGetValue(name, out IndicatorOverride? change))
            {
                overrides[name] = change = IndicatorOverride.Parse(name, full);
            }

            if (change is not null && value.Number is { } number)
            {
                set = set.With(change, number);
            }
        }

        if (set.Key is null)
        {
            set.Indicators = set.Changes.Aggregate(
                full, (all, c) => [.. all.Select(i => i.Id == c.Change.IndicatorId ? i.With(c.Change.Parameter, c.Value) : i)]);
            set.Key = CanonicalJson.Text(EffectiveConfig.InstancesJson(set.Indicators));
        }

        return (set.Indicators, set.Key);
    }

    private sealed class IndicatorSet(IReadOnlyList<(IndicatorOverride Change, double Value)> changes)
    {
        private readonly List<(IndicatorOverride Change, double Value, IndicatorSet Set)> next = [];

        public IReadOnlyList<(IndicatorOverride Change, double Value)> Changes { get; } = changes;

        public IReadOnlyList<IndicatorInstance> Indicators { get; set; } = [];

        public string? Key { get; set; }

        public IndicatorSet With(IndicatorOverride change, double value)
        {
            foreach ((IndicatorOverride known, double of, IndicatorSet there) in next)
            {
                if (ReferenceEquals(known, change) && of == value)
                {
                    return there;
                }
            }

            var set = new IndicatorSet([.. Changes, (change, value)]);
            next.Add((change, value, set));
            return set;
        }
    }
}
