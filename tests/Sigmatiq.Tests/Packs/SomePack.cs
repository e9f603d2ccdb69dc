using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;

namespace Sigmatiq.Tests.Packs;

/// <summary>Packs and models of which a test says only what matters.</summary>
internal static class SomePack
{
    public static PackLibrary Library { get; } = new(Path.Combine(Checkout.Root, "packs"));

    public static Pack Swing { get; } = Library.Load("swingsigma@1.1.0");

    public static Pack Bench { get; } = Library.Load("rsi-ema-stops@1.0.0");

    public static DateTimeOffset CreatedAt { get; } = new(2024, 1, 15, 10, 0, 0, TimeSpan.Zero);

    /// <summary>The texts of the six files of swingsigma 1.1.0, each replacement made once in the file that has it.</summary>
    public static Dictionary<string, string> Texts(params (string From, string To)[] changes)
    {
        string folder = Library.FolderOf("swingsigma", new(1, 1, 0));
        Dictionary<string, string> texts = PackFolder.FileNames.ToDictionary(n => n, n => File.ReadAllText(Path.Combine(folder, n)));
        foreach (var (from, to) in changes)
        {
            string file = texts.Keys.FirstOrDefault(k => texts[k].Contains(from, StringComparison.Ordinal)) ?? throw new ArgumentException($"'{from}' is in no file.");
            int at = texts[file].IndexOf(from, StringComparison.Ordinal);
            texts[file] = texts[file][..at] + to + texts[file][(at + from.Length)..];
        }

        return texts;
    }

    public static Pack With(params (string From, string To)[] changes) => PackFolder.Parse(Texts(changes)).Value;

    /// <summary>The request of the sources (01 §1.13).</summary>
    public static ModelRequest Request => new()
    {
        ModelId = "spy_swing_momentum_v1",
        Pack = "swingsigma@1.1.0",
        UserId = "user_12345",
        Name = "SPY Momentum Swing",
        Description = "My SPY swing trading model using momentum strategy",
        Instrument = "stocks",
        Ticker = "SPY",
        StrategyId = "momentum_swing",
        SelectedIndicators = ["rsi", "macd", "adx", "ema_20", "ema_50", "bollinger_bands", "volume_ma"],
        SelectedFeatures = ["rsi_divergence", "macd_cross", "trend_strength", "volume_surge", "momentum_composite"],
        RiskProfile = "balanced",
        ParameterOverrides = [new("rsi_period", 21), new("stop_loss_pct", 6), new("max_position_pct", 3)],
    };

    public static ModelConfig Model => ModelBuilder.Build(Request, Swing, CreatedAt).Value.Config;
}
