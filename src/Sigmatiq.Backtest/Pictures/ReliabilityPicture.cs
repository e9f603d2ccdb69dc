using System.Globalization;
using System.Text.Json.Nodes;

namespace Sigmatiq.Backtest.Pictures;

/// <summary>Ten bins of probabilities against what came, before and after calibration, and how many rows each bin has. On the diagonal a
/// probability means what it says. Dark ground, 760 × 640.</summary>
/// <remarks>A bin of few rows lies off the diagonal by chance, so each point carries its 95 % interval (Wilson, 1927). Labels of neighbouring
/// bars overlap, so the rows are fewer than they seem and the true interval is wider; the picture says so.</remarks>
public static class ReliabilityPicture
{
    private const double Width = 760, Height = 640, Left = 70, Right = 210, Top = 92, Bottom = 452, BarTop = 520, BarBottom = 604;
    private const double Z = 1.959963984540054;
    private const string Ground = "#14171c", Grid = "#2a2f37", Ink = "#e6e8eb", Quiet = "#9aa3ad", Before = "#8f98a3", After = "#3ecf8e";

    /// <summary>Draws a training's calibration report.</summary>
    /// <param name="title">What was trained.</param>
    /// <param name="report">The <c>calibration_report</c> of a trained model's metadata.</param>
    /// <returns>SVG text, the same for the same input; null where there is no report or no row in it.</returns>
    public static string? Draw(string title, JsonNode? report)
    {
        Bin[] before = Bins(report?["reliability_before"]), after = Bins(report?["reliability_after"]);
        int rows = after.Sum(b => b.Count);
        if (rows == 0)
        {
            return null;
        }

        SvgText svg = new(Width, Height, $"{title}: reliability of the probabilities");
        svg.Box(0, 0, Width, Height, Ground);
        svg.Words(Left, 38, title, Ink, 18, more: "font-weight=\"600\"");
        svg.Words(Left, 62, string.Create(CultureInfo.InvariantCulture, $"{rows} hold-out rows, Brier score {Score(report!["brier_before"])} before calibration, {Score(report["brier_after"])} after"), Quiet, 13);
        for (int tick = 0; tick <= 10; tick += 2)
        {
            double share = tick / 10.0;
            svg.Stroke(Left, Y(share), Width - Right, Y(share), Grid).Stroke(X(share), Top, X(share), Bottom, Grid);
            svg.Words(Left - 10, Y(share) + 4, Percent(share), Quiet, 12, "end").Words(X(share), Bottom + 20, Percent(share), Quiet, 12, "middle");
        }

        svg.Stroke(X(0), Y(0), X(1), Y(1), Quiet, 1.2, "stroke-dasharray=\"5 5\"");
        svg.Words(Left, Top - 10, "Share of gains that came", Quiet, 12).Words(Width - Right, Bottom + 38, "Probability said", Quiet, 12, "end");
        Points(svg, before, Before, filled: false);
        Points(svg, after, After, filled: true);
        Counts(svg, before, after);
        svg.Words(Width - Right + 16, Top + 14, "After", After, 13, more: "font-weight=\"600\"").Words(Width - Right + 16, Top + 32, "Platt's map", Quiet, 12);
        svg.Words(Width - Right + 16, Top + 64, "Before", Before, 13, more: "font-weight=\"600\"").Words(Width - Right + 16, Top + 82, "raw score", Quiet, 12);
        svg.Words(Width - Right + 16, Top + 114, "Bars: 95 % interval, were", Quiet, 12).Words(Width - Right + 16, Top + 130, "the rows independent", Quiet, 12);
        svg.Words(Width - Right + 16, Top + 162, "Dashes: as said, so it came", Quiet, 12);
        return svg.ToString();
    }

    /// <summary>Wilson's 95 % interval of a share.</summary>
    /// <param name="share">Share of hits.</param>
    /// <param name="n">Number of rows, at least 1.</param>
    public static (double Low, double High) Interval(double share, int n)
    {
        double z2 = Z * Z / n, middle = (share + (z2 / 2)) / (1 + z2);
        double half = Z * Math.Sqrt((share * (1 - share) / n) + (z2 / (4 * n))) / (1 + z2);
        return (middle - half, middle + half);
    }

    private static void Points(SvgText svg, Bin[] bins, string color, bool filled)
    {
        (double X, double Y)[] line = [.. bins.Where(b => b.Count > 0).Select(b => (X(b.Said), Y(b.Came)))];
        svg.Path(line, color, filled ? 1.8 : 1.2, more: filled ? "" : "stroke-dasharray=\"2 4\"");
        foreach (Bin bin in bins.Where(b => b.Count > 0))
        {
            (double low, double high) = Interval(bin.Came, bin.Count);
            svg.Stroke(X(bin.Said), Y(low), X(bin.Said), Y(high), color, 1, "stroke-opacity=\"0.6\"");
            svg.Line($"<circle cx=\"{SvgText.Number(X(bin.Said))}\" cy=\"{SvgText.Number(Y(bin.Came))}\" r=\"{(filled ? "4.5" : "3.5")}\" fill=\"{(filled ? color : Ground)}\" stroke=\"{color}\" stroke-width=\"1.5\"/>");
        }
    }

    private static void Counts(SvgText svg, Bin[] before, Bin[] after)
    {
        svg.Words(Left, BarTop - 12, "Rows per bin", Quiet, 12);
        double most = before.Concat(after).Max(b => b.Count), wide = (X(0.1) - X(0)) / 2;
        for (int b = 0; b < after.Length; b++)
        {
            Bar(before, b, X(b / 10.0) + 2, Before);
            Bar(after, b, X(b / 10.0) + wide + 1, After);
        }

        svg.Stroke(Left, BarBottom, Width - Right, BarBottom, Grid, 1.6);

        void Bar(Bin[] bins, int b, double x, string color)
        {
            if (b < bins.Length && bins[b].Count > 0)
            {
                double high = (BarBottom - BarTop) * bins[b].Count / most;
                svg.Box(x, BarBottom - high, wide - 3, high, color, "fill-opacity=\"0.8\"");
                svg.Words(x + ((wide - 3) / 2), BarBottom - high - 3, bins[b].Count.ToString(CultureInfo.InvariantCulture), Quiet, 9, "middle");
            }
        }
    }

    private static Bin[] Bins(JsonNode? table) => table is not JsonArray rows ? [] :
    [
        .. rows.Select(r => new Bin(
            r!["count"]!.GetValue<int>(), r["mean_probability"]?.GetValue<double>() ?? double.NaN, r["share_of_gains"]?.GetValue<double>() ?? double.NaN)),
    ];

    private static double X(double share) => Left + ((Width - Left - Right) * share);

    private static double Y(double share) => Bottom - ((Bottom - Top) * share);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %");

    private static string Score(JsonNode? brier) => brier is null ? "none" : brier.GetValue<double>().ToString("0.0000", CultureInfo.InvariantCulture);

    private sealed record Bin(int Count, double Said, double Came);
}
