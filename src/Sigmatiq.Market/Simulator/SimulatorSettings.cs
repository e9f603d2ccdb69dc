using System.Text.Json;
using System.Text.Json.Serialization;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Market.Simulator;

/// <summary>One hidden state of the synthetic market.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DriftPct">Mean log return a session, percent.</param>
/// <param name="VolatilityPct">Standard deviation of a session's log return, percent.</param>
/// <param name="MeanSessions">Sessions it lasts on average; at least 1.</param>
/// <param name="Next">Chance of each other state when it ends; adds up to 1.</param>
public sealed record Regime(string Name, double DriftPct, double VolatilityPct, double MeanSessions, IReadOnlyDictionary<string, double> Next);

/// <summary>One symbol of the synthetic market.</summary>
/// <param name="Symbol">Ticker, ends in <c>.SYN</c>.</param>
/// <param name="Name">What a screen shows.</param>
/// <param name="StartPrice">Price at the first open.</param>
/// <param name="Beta">Share in the market's moves.</param>
/// <param name="OwnVolatilityPct">Standard deviation of its own moves a session, percent.</param>
/// <param name="SharesPerSession">Usual volume.</param>
public sealed record SimulatedSymbol(string Symbol, string Name, double StartPrice, double Beta, double OwnVolatilityPct, double SharesPerSession);

/// <summary>Everything the simulator's bars follow from, besides its code; kept in <c>data/simulator.json</c>.</summary>
/// <param name="Version">Raised with every change of the simulator's arithmetic.</param>
/// <param name="Seed">Root of all chance.</param>
/// <param name="Start">First session.</param>
/// <param name="Regimes">Hidden states; the first one begins.</param>
/// <param name="VolatilityPersistence">Autoregression of log volatility from session to session, 0 ≤ φ &lt; 1.</param>
/// <param name="VolatilityNoise">Standard deviation of its innovations.</param>
/// <param name="TailDegrees">Degrees of freedom of the Student-t shocks; above 2.</param>
/// <param name="OvernightShare">Share of a session's variance and drift that falls before its open.</param>
/// <param name="Symbols">What is traded; the first one is the market.</param>
public sealed record SimulatorSettings(
    int Version, long Seed, DateOnly Start, IReadOnlyList<Regime> Regimes, double VolatilityPersistence, double VolatilityNoise,
    int TailDegrees, double OvernightShare, IReadOnlyList<SimulatedSymbol> Symbols)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The settings that the product ships with.</summary>
    public static SimulatorSettings Default { get; } = Shipped();

    /// <summary>Names the source of the bars in snapshots: version and a hash over all settings.</summary>
    [JsonIgnore]
    public string SourceVersion => $"simulator-{Version}-{ContentHash.OfValue(this, Json).Short}";

    /// <summary>The settings of a symbol, or null where the simulator has no such symbol.</summary>
    public SimulatedSymbol? Find(Symbol symbol) => Symbols.FirstOrDefault(s => s.Symbol == symbol.Value);

    /// <summary>Reads settings from JSON.</summary>
    /// <exception cref="JsonException">Not the shape of this record, or a key too many.</exception>
    public static SimulatorSettings Parse(string json) => JsonSerializer.Deserialize<SimulatorSettings>(json, Json)!;

    private static SimulatorSettings Shipped()
    {
        using Stream resource = typeof(SimulatorSettings).Assembly.GetManifestResourceStream("simulator.json")!;
        using var reader = new StreamReader(resource);
        return Parse(reader.ReadToEnd());
    }
}
