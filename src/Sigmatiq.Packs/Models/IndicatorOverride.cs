namespace Sigmatiq.Packs.Models;

/// <summary>A parameter of an indicator as overrides and sweeps name it: <c>rsi_period</c>, <c>macd_fast_period</c>.</summary>
public sealed record IndicatorOverride(string IndicatorId, string Parameter)
{
    /// <summary>Finds the indicator and parameter of a key; null where the key names none of these indicators' parameters.</summary>
    /// <remarks>Conventions (<c>seed</c>, <c>first_bar</c> …) are the pack's and no sweep's to try. The longest id wins, so that <c>ema_20_period</c> is the period of <c>ema_20</c>.</remarks>
    public static IndicatorOverride? Parse(string key, IEnumerable<IndicatorInstance> indicators)
    {
        foreach (IndicatorInstance indicator in indicators.OrderByDescending(i => i.Id.Length))
        {
            if (key.StartsWith(indicator.Id + "_", StringComparison.Ordinal) && indicator.Catalog is { } catalog)
            {
                string parameter = ModelConfigFile.LongName(key[(indicator.Id.Length + 1)..]);
                if (catalog.Spec.Parameters.Any(p => p.Name == parameter && !p.IsChoice))
                {
                    return new(indicator.Id, parameter);
                }
            }
        }

        return null;
    }
}
