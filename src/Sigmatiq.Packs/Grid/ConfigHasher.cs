using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Packs.Grid;

/// <summary><c>config_hash</c> of the many configs of one model: what they have in common is written once, and what a grid varies once per
/// distinct value. The bytes that are hashed are those of <see cref="EffectiveConfig.ConfigHash"/>.</summary>
/// <remarks>Safe for several threads.</remarks>
public sealed class ConfigHasher
{
    private static readonly string[] Varying = ["combo", "indicators", "risk_management"];

    private readonly EffectiveConfig first;
    private readonly string engineVersion;
    private readonly JsonNode costModel;
    private readonly byte[][] between;
    private readonly ConcurrentDictionary<object, byte[]> indicators = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<(double?, ConfidenceKind?, HourSet, double?), byte[]> combos = new();
    private readonly ConcurrentDictionary<(double?, double?, double?, int?, int), byte[]> risks = new();

    /// <summary>Writes what the configs of a model have in common.</summary>
    /// <param name="any">One of them.</param>
    /// <param name="engineVersion">Version of the engine's arithmetic.</param>
    /// <param name="costModel">The cost model with its numbers.</param>
    public ConfigHasher(EffectiveConfig any, string engineVersion, JsonNode costModel)
    {
        first = any;
        this.engineVersion = engineVersion;
        this.costModel = costModel;
        var text = new StringBuilder("{");
        List<byte[]> parts = [];
        foreach (var (key, value) in any.HashedJson(engineVersion, costModel).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(parts.Count == 0 && text.Length == 1 ? "" : ",").Append('"').Append(key).Append("\":");
            if (Varying.Contains(key))
            {
                parts.Add(Encoding.UTF8.GetBytes(text.ToString()));
                text.Clear();
            }
            else
            {
                text.Append(CanonicalJson.Text(value));
            }
        }

        parts.Add(Encoding.UTF8.GetBytes(text.Append('}').ToString()));
        between = [.. parts];
    }

    /// <summary>The hash of a config.</summary>
    public ContentHash Of(EffectiveConfig config)
    {
        if (!ReferenceEquals(config.Pack, first.Pack) || !ReferenceEquals(config.Model, first.Model))
        {
            return config.ConfigHash(engineVersion, costModel);
        }

        // In the order of their keys.
        byte[][] own =
        [
            combos.GetOrAdd((config.Threshold, config.Confidence, config.AllowedHours, config.PositionSizePct), _ => CanonicalJson.Write(config.ComboJson())),
            indicators.GetOrAdd(config.Indicators, _ => CanonicalJson.Write(EffectiveConfig.InstancesJson(config.Indicators))),
            risks.GetOrAdd(
                (config.StopLossPct, config.TakeProfitPct, config.TrailingStopPct, config.TimeStopDays, config.MaxPositions), _ => CanonicalJson.Write(config.RiskJson())),
        ];
        int length = between.Sum(p => p.Length) + own.Sum(p => p.Length), at = 0;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        for (int i = 0; i < between.Length; i++)
        {
            between[i].CopyTo(bytes, at);
            at += between[i].Length;
            if (i < own.Length)
            {
                own[i].CopyTo(bytes, at);
                at += own[i].Length;
            }
        }

        ContentHash hash = ContentHash.Of(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
        return hash;
    }
}
