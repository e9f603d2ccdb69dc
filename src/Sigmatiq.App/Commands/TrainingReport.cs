using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Pictures;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary>What a training found, in lines: how far its probabilities can be believed, what its inputs were worth, and what was tuned.</summary>
internal static class TrainingReport
{
    private const int FeaturesShown = 10;

    /// <summary>The lines of a trained model's metadata.</summary>
    public static IEnumerable<(string Name, string? Value)> Lines(JsonObject meta)
    {
        JsonNode report = meta["calibration_report"]!;
        yield return ("brier score", $"{Number(report["brier_before"], "0.0000")} before calibration, {Number(report["brier_after"], "0.0000")} after (hold-out; 0.25 is what 50 % on everything gets)");
        foreach (JsonNode? bin in report["reliability_after"]!.AsArray().Where(b => b!["count"]!.GetValue<int>() > 0))
        {
            yield return (
                string.Create(CultureInfo.InvariantCulture, $"said {bin!["from"]!.GetValue<double>() * 100:0}–{bin["to"]!.GetValue<double>() * 100:0} %"),
                string.Create(CultureInfo.InvariantCulture, $"{bin["count"]!.GetValue<int>()} rows, mean {bin["mean_probability"]!.GetValue<double>() * 100:0.0} %, came {bin["share_of_gains"]!.GetValue<double>() * 100:0.0} %"));
        }

        yield return ("gain importance", Top(meta["importance"]));
        if (meta["permutation_importance"] is JsonObject permuted)
        {
            yield return ("permutation", $"{Top(permuted["features"])} ({(permuted["loss"]!.GetValue<string>() == "auc" ? "fall of AUC" : "rise of log loss")} on {permuted["rows"]} out-of-fold rows)");
        }

        if (meta["tuning"] is JsonArray { Count: > 0 } tuning)
        {
            JsonNode chosen = tuning.First(t => t!["chosen"]!.GetValue<bool>())!;
            yield return ("tuning", $"{tuning.Count} points tried, each a trial; log loss {Number(tuning.Select(t => t!["log_loss"]).OfType<JsonNode>().MaxBy(l => l.GetValue<double>()), "0.00000")} to {Number(chosen["log_loss"], "0.00000")}, the lowest chosen");
        }
    }

    /// <summary>Writes the reliability picture: PNG where the name says so, else SVG.</summary>
    /// <exception cref="ProblemException">APP-1006: the file cannot be written. APP-1014: there is no row to draw, or no program that draws PNG.</exception>
    public static void WritePicture(OutFile file, string title, JsonObject meta)
    {
        string svg = ReliabilityPicture.Draw(title, meta["calibration_report"])
            ?? throw new ProblemException("APP-1014", "Nothing was held out, so there is nothing to draw.", file.Path, "Draw the model that this one refits.");
        if (!file.Path.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
        {
            file.Write(svg);
            return;
        }

        file.Write(PngPicture.FromSvg(svg)
            ?? throw new ProblemException("APP-1014", "A PNG needs rsvg-convert, which is not here.", file.Path, "Install librsvg2-bin, or name an .svg file."));
    }

    private static string Top(JsonNode? features) => string.Join(", ", features!.AsArray().Take(FeaturesShown).Select(f => $"{f!["feature"]} {Number(f["importance"], "0.0000")}"));

    private static string Number(JsonNode? number, string format) => number is null ? "–" : number.GetValue<double>().ToString(format, CultureInfo.InvariantCulture);
}
