using System.Globalization;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Backtest.Pictures;

/// <summary>Equity of the strategy against the instrument held, and how far each was below its peak. Dark ground, about 1200 × 600 (spec
/// 04 §4.17).</summary>
public static class EquityPicture
{
    private const double Width = 1200, Height = 640, Left = 84, Right = 168, Top = 92, Middle = 424, Lower = 462, Bottom = 590;
    private const string Ground = "#14171c", Grid = "#2a2f37", Ink = "#e6e8eb", Quiet = "#9aa3ad", Strategy = "#3ecf8e", Hold = "#8f98a3", Fall = "#e5707a";

    /// <summary>Draws one window.</summary>
    /// <param name="title">Name of the strategy.</param>
    /// <param name="window">What to draw.</param>
    /// <returns>SVG text; the same input gives the same text.</returns>
    public static string Draw(string title, WindowResult window)
    {
        BacktestResult result = window.Result;
        double[] strategy = Growth(result.Equity), hold = Growth(result.BuyAndHold);
        int n = strategy.Length;
        double X(int i) => Left + ((Width - Left - Right) * i / Math.Max(1, n - 1));
        double low = Math.Min(strategy.Min(), hold.Min()), high = Math.Max(strategy.Max(), hold.Max());
        double pad = Math.Max((high - low) * 0.06, 0.001);
        (low, high) = (low - pad, high + pad);
        double Y(double v) => Middle - ((v - low) / (high - low) * (Middle - Top));

        SvgText svg = new(Width, Height, $"{title}: equity against buy and hold");
        svg.Box(0, 0, Width, Height, Ground);
        svg.Words(Left, 38, title, Ink, 20, more: "font-weight=\"600\"");
        svg.Words(Left, 62, Headline(window), Quiet, 13);
        foreach (double tick in Axis.Ticks(low, high, 6))
        {
            svg.Stroke(Left, Y(tick), Width - Right, Y(tick), Grid, Math.Abs(tick) < 1e-12 ? 1.6 : 1);
            svg.Words(Left - 10, Y(tick) + 4, Percent(tick), Quiet, 12, "end");
        }

        DrawDates(svg, result.Marks, X);
        svg.Path(Points(hold, X, Y), Hold, 1.4);
        svg.Path(Points(strategy, X, Y), Strategy, 2.2);
        Ends(svg, strategy[^1], hold[^1], Y);

        double[] fall = ResultColumns.Drawdown(result.Equity), holdFall = ResultColumns.Drawdown(result.BuyAndHold);
        double deepest = Math.Min(Math.Min(fall.Min(), holdFall.Min()), -0.001) * 1.08;
        double D(double v) => Lower + (v / deepest * (Bottom - Lower));
        foreach (double tick in Axis.Ticks(deepest, 0, 3))
        {
            svg.Stroke(Left, D(tick), Width - Right, D(tick), Grid);
            svg.Words(Left - 10, D(tick) + 4, Percent(tick), Quiet, 12, "end");
        }

        svg.Words(Left, Lower - 10, "Below the peak", Quiet, 12);
        svg.Path(Points(holdFall, X, D), Hold, 1);
        List<(double, double)> area = [(X(0), D(0)), .. Points(fall, X, D), (X(n - 1), D(0))];
        svg.Path(area, "none", 0, Fall, "fill-opacity=\"0.35\"");
        svg.Path(Points(fall, X, D), Fall, 1.4);
        svg.Words(Width - Right + 10, D(fall.Min()) + 4, $"worst {Percent(fall.Min(), 2)}", Fall, 12);
        return svg.ToString();
    }

    private static string Headline(WindowResult window)
    {
        MetricSet m = window.Result.Metrics;
        string sharpe = m.SharpeRatio is { } s
            ? string.Create(CultureInfo.InvariantCulture, $"Sharpe {s:0.00}{(m.SharpeLow is { } low ? $" ({low:0.0} to {m.SharpeHigh:0.0})" : "")}")
            : "no Sharpe: the equity does not move";
        return string.Create(CultureInfo.InvariantCulture, $"Hold-out {window.Dates}, {m.TotalTrades} trades, {sharpe}");
    }

    // Labels at the right end, moved apart where the lines end close together.
    private static void Ends(SvgText svg, double strategy, double hold, Func<double, double> y)
    {
        double a = y(strategy), b = y(hold), gap = 34 - Math.Abs(a - b);
        if (gap > 0)
        {
            (a, b) = a <= b ? (a - (gap / 2), b + (gap / 2)) : (a + (gap / 2), b - (gap / 2));
        }

        svg.Words(Width - Right + 10, a - 2, "Strategy", Strategy, 13, more: "font-weight=\"600\"").Words(Width - Right + 10, a + 13, Percent(strategy, 2), Strategy, 12);
        svg.Words(Width - Right + 10, b - 2, "Buy and hold", Hold, 13).Words(Width - Right + 10, b + 13, Percent(hold, 2), Hold, 12);
    }

    private static void DrawDates(SvgText svg, MarkGrid marks, Func<int, double> x)
    {
        int months = ((marks.Date(marks.Count - 1).Year - marks.StartDate.Year) * 12) + marks.Date(marks.Count - 1).Month - marks.StartDate.Month;
        int every = months switch { <= 8 => 1, <= 16 => 2, <= 30 => 3, <= 60 => 6, _ => 12 };
        double last = double.NegativeInfinity;
        for (int m = 1; m < marks.Count; m++)
        {
            DateOnly date = marks.Date(m), before = marks.Date(m - 1);
            if (date.Month == before.Month || (date.Month - 1) % every != 0 || x(m + 1) - last < 64)
            {
                continue;
            }

            last = x(m + 1);
            svg.Stroke(last, Top, last, Bottom, Grid);
            svg.Words(last, Bottom + 22, date.ToString(date.Month == 1 ? "yyyy" : "MMM yyyy", CultureInfo.InvariantCulture), Quiet, 12, "middle");
        }
    }

    private static double[] Growth(double[] equity) => [.. equity.Select(e => (e / equity[0]) - 1)];

    private static List<(double X, double Y)> Points(double[] values, Func<int, double> x, Func<double, double> y)
    {
        List<(double X, double Y)> points = [];
        for (int i = 0; i < values.Length; i++)
        {
            // Bar marks of years are more than the screen has columns; a point each half pixel draws the same line.
            if (points.Count == 0 || i == values.Length - 1 || x(i) - points[^1].X >= 0.5)
            {
                points.Add((x(i), y(values[i])));
            }
        }

        return points;
    }

    private static string Percent(double share, int digits = -1)
    {
        double pct = share * 100;
        string format = digits >= 0 ? "0." + new string('0', digits) : "0.##";
        string text = Math.Abs(pct).ToString(format, CultureInfo.InvariantCulture);
        return $"{(pct < -1e-9 ? "−" : "")}{text} %";
    }
}
