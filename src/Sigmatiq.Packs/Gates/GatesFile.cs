using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Packs.Gates;

/// <summary><c>gates.yaml</c> (01 §1.6): every gate is there, and none that nothing could pass or fail.</summary>
internal static class GatesFile
{
    private const double SharesMax = 1e12, BpsMax = 10_000;

    public static PackGates Read(YamlMapReader file)
    {
        YamlMapReader gates = file.Map("gates");
        YamlMapReader quality = gates.Map("quality"), execution = gates.Map("execution"), risk = gates.Map("risk");
        PackGates read = new(
            new(Gate(quality, "min_trades", 0, 1e9), Gate(quality, "min_sharpe", -100, 100), Gate(quality, "max_drawdown_pct", 0, 100), Gate(quality, "min_win_rate", 0, 100)),
            new(Gate(execution, "max_slippage_bps", 0, BpsMax), Gate(execution, "min_volume", 0, SharesMax), Gate(execution, "max_spread_pct", 0, 100)),
            new(Gate(risk, "max_position_size_pct", 0, 100), Gate(risk, "max_correlation", 0, 1), Gate(risk, "max_var_95", 0, 100)));
        quality.Close();
        execution.Close();
        risk.Close();
        gates.Close();
        file.Close();
        return read;
    }

    private static double Gate(YamlMapReader map, string key, double min, double max)
    {
        if (!map.Has(key) && !map.IsBroken)
        {
            map.Problems.Add("PCK-1005", map.Place, $"The gate {map.What}.{key} is missing.", $"Add '{key}:' with its limit.");
        }

        return map.OptionalNumber(key) is { } value ? NumberRange.InRange(map, key, value, min, max) : 0;
    }
}
