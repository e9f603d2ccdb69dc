using System.Globalization;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Backtest.Pictures;

/// <summary>Equity of the strategy against the instrument held, and how far it was below its peak. Dark ground, 1200 × 640 (spec 04
/// §4.17).</summary>
/// <remarks>A combo that holds 2 % of the account moves a fiftieth of the instrument. On one scale it would be a flat line, so where it
/// moves less than a seventh the two have a panel each, and the panels say so.</remarks>
public static class EquityPicture
{
    private const double Width = 1200, Height = 640, Left = 84, Right = 168, Bottom = 590;
    private const double ApartBelow = 0.15;
    private const string Ground = "#14171c", Grid = "#2a2f37", Ink = "#e6e8eb", Quiet = "#9aa3ad", Strategy = "#3ecf8e", Hold = "#8f98a3", Fall = "#e5707a";

    /// <summary>Draws one window.</summary>
    /// <param name="title">Name of the strategy.</param>
    /// <param name="label">What the window is: <c>Hold-out</c>, <c>Selection window</c>.</param>
    /// <param name="window">What to draw.</param>
    /// <returns>SVG text; the same input gives the same text.</returns>
    public static string Draw(string title, string label, WindowResult window)
    {
        BacktestResult result = window.Result;
        double[] strategy = Growth(result.Equity), hold = Growth(result.BuyAndHold);
        double[] fall = ResultColumns.Drawdown(result.Equity), holdFall = ResultColumns.Drawdown(result.BuyAndHold);
        SvgText svg = new(Width, Height, $"{title}: equity against buy and hold");
        svg.Box(0, 0, Width, Height, Ground);
        svg.Words(Left, 38, title, Ink, 20, more: "font-weight=\"600\"");
        svg.Words(Left, 62, Headline(label, window), Quiet, 13);
        if (strategy.Max() - strategy.Min() < ApartBelow * (hold.Max() - hold.Min()))
        {
            Panel equity = new(104, 326, strategy.Min(), strategy.Max(), strategy.Length), held = new(372, 466, hold.Min(), hold.Max(), hold.Length);
            Panel under = new(512, Bottom, Math.Min(fall.Min(), -1e-5), 0, fall.Length);
            DrawDates(svg, result.Marks, equity, Bottom);
            equity.Rule(svg, 5).Named(svg, "Strategy, on a scale of its own").Line(svg, strategy, Strategy, 2.2).End(svg, strategy[^1], Strategy, "Strategy");
            held.Rule(svg, 2).Named(svg, "Buy and hold, on a scale of its own").Line(svg, hold, Hold, 1.4).End(svg, hold[^1], Hold, "Buy and hold");
            under.Rule(svg, 2).Named(svg, "Strategy below its peak").Area(svg, fall, Fall).Worst(svg, fall, Fall);
        }
        else
        {
            Panel equity = new(92, 424, Math.Min(strategy.Min(), hold.Min()), Math.Max(strategy.Max(), hold.Max()), strategy.Length);
            Panel under = new(462, Bottom, Math.Min(Math.Min(fall.Min(), holdFall.Min()), -1e-5), 0, fall.Length);
            DrawDates(svg, result.Marks, equity, Bottom);
            equity.Rule(svg, 6).Line(svg, hold, Hold, 1.4).Line(svg, strategy, Strategy, 2.2);
            double apart = Math.Max(0, 34 - Math.Abs(equity.Y(strategy[^1]) - equity.Y(hold[^1]))) / 2, up = strategy[^1] >= hold[^1] ? -apart : apart;
            equity.End(svg, strategy[^1], Strategy, "Strategy", up).End(svg, hold[^1], Hold, "Buy and hold", -up);
            under.Rule(svg, 3).Named(svg, "Below the peak").Line(svg, holdFall, Hold, 1).Area(svg, fall, Fall).Worst(svg, fall, Fall);
        }

        return svg.ToString();
    }

    private static string Headline(string label, WindowResult window)
    {
        MetricSet m = window.Result.Metrics;
        string sharpe = m.SharpeRatio is { } s
            ? $"Sharpe {Signed(s, "0.00")}{(m is { SharpeLow: { } low, SharpeHigh: { } high } ? $" ({Signed(low, "0.0")} to {Signed(high, "0.0")})" : "")}"
            : "no Sharpe: the equity does not move";
        return string.Create(CultureInfo.InvariantCulture, $"{label} {window.Dates}, {m.TotalTrades} trades, {sharpe}");
    }

    private static void DrawDates(SvgText svg, MarkGrid marks, Panel panel, double bottom)
    {
        int months = ((marks.Date(marks.Count - 1).Year - marks.StartDate.Year) * 12) + marks.Date(marks.Count - 1).Month - marks.StartDate.Month;
        int every = months switch { <= 8 => 1, <= 16 => 2, <= 30 => 3, <= 60 => 6, _ => 12 };
        double last = double.NegativeInfinity;
        for (int m = 1; m < marks.Count; m++)
        {
            DateOnly date = marks.Date(m), before = marks.Date(m - 1);
            double x = panel.X(m + 1);
            if (date.Month == before.Month || (date.Month - 1) % every != 0 || x - last < 64)
            {
                continue;
            }

            last = x;
            svg.Stroke(x, panel.Top, x, bottom, Grid);
            svg.Words(x, bottom + 22, date.ToString(date.Month == 1 ? "yyyy" : "MMM yyyy", CultureInfo.InvariantCulture), Quiet, 12, "middle");
        }
    }

    private static double[] Growth(double[] equity) => [.. equity.Select(e => (e / equity[0]) - 1)];

    private static string Percent(double share, string format = "0.###") => Signed(share * 100, format) + " %";

    private static string Signed(double value, string format)
    {
        string text = Math.Abs(value).ToString(format, CultureInfo.InvariantCulture);
        return value < 0 && text.Any(c => c is >= '1' and <= '9') ? "−" + text : text;
    }

    /// <summary>One pair of axes.</summary>
    private sealed class Panel
    {
        private readonly double bottom, low, high;
        private readonly int count;

        public Panel(double top, double bottom, double low, double high, int count)
        {
            Top = top;
            this.bottom = bottom;
            this.count = count;
            double pad = Math.Max((high - low) * 0.06, 1e-6);
            this.low = low - pad;

            // A fall starts at the top edge; a gain needs room above.
            this.high = high == 0 && low < 0 ? 0 : high + pad;
        }

        public double Top { get; }

        public double X(int i) => Left + ((Width - Left - Right) * i / Math.Max(1, count - 1));

        public double Y(double value) => bottom - ((value - low) / (high - low) * (bottom - Top));

        public Panel Rule(SvgText svg, int ticks)
        {
            foreach (double tick in Axis.Ticks(low, high, ticks))
            {
                svg.Stroke(Left, Y(tick), Width - Right, Y(tick), Grid, Math.Abs(tick) < 1e-12 ? 1.6 : 1);
                svg.Words(Left - 10, Y(tick) + 4, Percent(tick), Quiet, 12, "end");
            }

            return this;
        }

        public Panel Named(SvgText svg, string name)
        {
            svg.Words(Left, Top - 10, name, Quiet, 12);
            return this;
        }

        public Panel Line(SvgText svg, double[] values, string color, double width)
        {
            svg.Path(Points(values), color, width);
            return this;
        }

        public Panel Area(SvgText svg, double[] values, string color)
        {
            svg.Path([(X(0), Y(0)), .. Points(values), (X(count - 1), Y(0))], "none", 0, color, "fill-opacity=\"0.35\"");
            return Line(svg, values, color, 1.2);
        }

        public Panel End(SvgText svg, double value, string color, string name, double shift = 0)
        {
            double y = Math.Clamp(Y(value) + shift, Top + 12, bottom - 2);
            svg.Words(Width - Right + 10, y - 2, name, color, 13, more: "font-weight=\"600\"");
            svg.Words(Width - Right + 10, y + 13, Percent(value, "0.00"), color, 12);
            return this;
        }

        public Panel Worst(SvgText svg, double[] values, string color)
        {
            svg.Words(Width - Right + 10, Math.Clamp(Y(values.Min()) + 4, Top + 8, bottom), $"worst {Percent(values.Min(), "0.00")}", color, 12);
            return this;
        }

        private List<(double X, double Y)> Points(double[] values)
        {
            List<(double X, double Y)> points = [];
            for (int i = 0; i < values.Length; i++)
            {
                // Bar marks of years are more than the screen has columns; a point each half pixel draws the same line.
                if (points.Count == 0 || i == values.Length - 1 || X(i) - points[^1].X >= 0.5)
                {
                    points.Add((X(i), Y(values[i])));
                }
            }

            return points;
        }
    }
}
