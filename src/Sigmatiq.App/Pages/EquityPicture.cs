using System.Globalization;
using System.Text;

namespace Sigmatiq.App.Pages;

/// <summary>Equity against buy and hold with the drawdown below, as an inline SVG whose colours come from the style sheet.</summary>
internal static class EquityPicture
{
    private const int PointsMax = 400;
    private const double DwarfedAbove = 6;

    /// <summary>The picture for wide and for narrow pages; the style sheet shows one of them, so letters keep their size.</summary>
    public static Html Render(IReadOnlyList<EquityPoint> points)
    {
        if (points.Count < 2)
        {
            return Html.Of($"<p class=\"empty\">The hold-out has no equity to draw.</p>");
        }

        string summary = Summary(points);
        return Html.Of($"{Draw(points, 860, 330, "wide", summary)}{Draw(points, 360, 320, "narrow", summary)}");
    }

    /// <summary>The picture in one sentence, for who cannot see it.</summary>
    internal static string Summary(IReadOnlyList<EquityPoint> points)
    {
        EquityPoint last = points[^1];
        string against = last.Benchmark is { } b ? $", buy and hold ended at {PageText.Return(b)}" : "";
        return $"Equity from {Day(points[0].At)} to {Day(last.At)}: the strategy ended at {PageText.Return(last.Strategy)}{against}; "
            + $"its deepest fall was {PageText.Rate(-Drawdowns(points).Min(), 2)}.";
    }

    /// <summary>Evenly spaced labels from within the values to just above them: 1, 2 or 5 times a power of ten apart.</summary>
    internal static double[] Ticks(double low, double high, int wanted)
    {
        double span = Math.Max(high - low, 1e-6);
        double raw = span / wanted;
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = power * ((raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
        var ticks = new List<double>();
        for (int k = (int)Math.Ceiling((low / step) - 1e-9); k * step <= high + (step * 0.999); k++)
        {
            ticks.Add(k * step);
        }

        return [.. ticks];
    }

    /// <summary>Whether buy and hold moves so much more that the strategy would be a flat line beside it.</summary>
    internal static bool BenchmarkDwarfs(IReadOnlyList<EquityPoint> points) =>
        points.All(p => p.Benchmark is not null)
        && points.Max(p => p.Benchmark!.Value) - points.Min(p => p.Benchmark!.Value) > DwarfedAbove * (points.Max(p => p.Strategy) - points.Min(p => p.Strategy));

    private static Html Draw(IReadOnlyList<EquityPoint> all, int width, int height, string kind, string summary)
    {
        EquityPoint[] points = Thin(all);
        bool hasBenchmark = points.All(p => p.Benchmark is not null);
        bool isApart = BenchmarkDwarfs(all);
        const int left = 10, top = 14, right = 54, bottom = 22, gap = 14;
        double plotWidth = width - left - right, space = height - top - bottom - (isApart ? 2 * gap : gap);
        double equityHeight = space * (isApart ? 0.54 : 0.7), heldHeight = isApart ? space * 0.24 : 0;
        double heldTop = top + equityHeight + gap;
        double fallTop = isApart ? heldTop + heldHeight + gap : heldTop, fallHeight = height - bottom - fallTop;

        long begin = points[0].At.UtcTicks;
        double length = Math.Max(1, points[^1].At.UtcTicks - begin);
        double X(DateTimeOffset at) => left + (plotWidth * (at.UtcTicks - begin) / length);

        var svg = new StringBuilder();
        foreach (DateOnly month in Months(all, kind == "wide" ? 7 : 4))
        {
            double x = X(new(month, TimeOnly.MinValue, TimeSpan.Zero));
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{top}\" y2=\"{height - bottom}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{height - 6}\" text-anchor=\"middle\">{month.ToString("MMM yy", CultureInfo.InvariantCulture)}</text>");
        }

        Func<double, double> y = Scale(svg, [.. points.Select(p => p.Strategy), .. hasBenchmark && !isApart ? points.Select(p => p.Benchmark!.Value) : []], top, equityHeight, left, plotWidth, 4);
        string line = Path(points, p => X(p.At), p => y(p.Strategy));
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"area\" d=\"{line}L{X(points[^1].At):0.#} {y(0):0.#}L{X(points[0].At):0.#} {y(0):0.#}Z\"/>");
        if (hasBenchmark && !isApart)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"bench\" d=\"{Path(points, p => X(p.At), p => y(p.Benchmark!.Value))}\"/>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line\" d=\"{line}\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"end\" cx=\"{X(points[^1].At):0.#}\" cy=\"{y(points[^1].Strategy):0.#}\" r=\"3.5\"/>");
        if (isApart)
        {
            EquityPoint[] held = Thin([.. all.Select(p => p with { Strategy = p.Benchmark!.Value })]);
            Func<double, double> h = Scale(svg, [.. held.Select(p => p.Strategy)], heldTop, heldHeight, left, plotWidth, 2);
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"bench\" d=\"{Path(held, p => X(p.At), p => h(p.Strategy))}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + 4}\" y=\"{heldTop + 12:0.#}\">Buy and hold, a scale of its own</text>");
        }

        double[] falls = Drawdowns(all);
        double deepest = Math.Max(-falls.Min(), 1e-6);
        double F(double fall) => fallTop + (fallHeight * -fall / deepest);
        EquityPoint[] fallPoints = Thin([.. all.Select((p, i) => p with { Strategy = falls[i] })]);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"fall\" d=\"M{X(fallPoints[0].At):0.#} {fallTop:0.#}{Path(fallPoints, p => X(p.At), p => F(p.Strategy)).Replace('M', 'L')}L{X(fallPoints[^1].At):0.#} {fallTop:0.#}Z\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{left}\" x2=\"{left + plotWidth:0.#}\" y1=\"{fallTop:0.#}\" y2=\"{fallTop:0.#}\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + plotWidth + 6:0.#}\" y=\"{fallTop + fallHeight:0.#}\">−{100 * deepest:0.##}%</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + 4}\" y=\"{fallTop + 13:0.#}\">Drawdown</text>");
        return Html.Of($"<svg class=\"equity {kind}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{summary}\">{Html.OfAsset(svg.ToString())}</svg>");
    }

    // Lines and labels of one panel; gives back where a gain lies in it.
    private static Func<double, double> Scale(StringBuilder svg, double[] gains, double top, double height, double left, double width, int wanted)
    {
        double low = Math.Min(0, gains.Min()), high = Math.Max(0, gains.Max());
        // A strategy that never traded is a flat line, not a division by nothing.
        (low, high) = high - low < 2e-4 ? (low - 1e-4, high + 1e-4) : (low, high);
        double[] ticks = Ticks(low, high, wanted);
        (low, high) = (Math.Min(low, ticks[0]), Math.Max(high, ticks[^1]));
        double Y(double gain) => top + (height * (high - gain) / (high - low));
        double step = ticks.Length > 1 ? ticks[1] - ticks[0] : 1;
        int decimals = step < 0.00099 ? 2 : step < 0.0099 ? 1 : 0;
        foreach (double tick in ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"{(Math.Abs(tick) < 1e-12 ? "zero" : "grid")}\" x1=\"{left}\" x2=\"{left + width:0.#}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + width + 6:0.#}\" y=\"{Y(tick) + 4:0.#}\">{Axis(tick, decimals)}</text>");
        }

        return Y;
    }

    private static string Path(EquityPoint[] points, Func<EquityPoint, double> x, Func<EquityPoint, double> y)
    {
        var path = new StringBuilder("M");
        for (int i = 0; i < points.Length; i++)
        {
            path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : "L")}{x(points[i]):0.#} {y(points[i]):0.#}");
        }

        return path.ToString();
    }

    // Of each bucket the lowest and the highest point stay, so that no spike is lost.
    private static EquityPoint[] Thin(IReadOnlyList<EquityPoint> points)
    {
        if (points.Count <= PointsMax)
        {
            return [.. points];
        }

        int buckets = PointsMax / 2;
        var kept = new List<EquityPoint> { points[0] };
        for (int b = 0; b < buckets; b++)
        {
            int from = (int)((long)points.Count * b / buckets);
            int to = (int)((long)points.Count * (b + 1) / buckets);
            int lowest = from, highest = from;
            for (int i = from; i < to; i++)
            {
                lowest = points[i].Strategy < points[lowest].Strategy ? i : lowest;
                highest = points[i].Strategy > points[highest].Strategy ? i : highest;
            }

            kept.Add(points[Math.Min(lowest, highest)]);
            if (lowest != highest)
            {
                kept.Add(points[Math.Max(lowest, highest)]);
            }
        }

        kept.Add(points[^1]);
        return [.. kept];
    }

    private static double[] Drawdowns(IReadOnlyList<EquityPoint> points)
    {
        double[] falls = new double[points.Count];
        double peak = double.MinValue;
        for (int i = 0; i < falls.Length; i++)
        {
            double equity = 1 + points[i].Strategy;
            peak = Math.Max(peak, equity);
            falls[i] = (equity / peak) - 1;
        }

        return falls;
    }

    private static IEnumerable<DateOnly> Months(IReadOnlyList<EquityPoint> points, int wanted)
    {
        DateOnly first = DateOnly.FromDateTime(points[0].At.UtcDateTime), last = DateOnly.FromDateTime(points[^1].At.UtcDateTime);
        int months = ((last.Year - first.Year) * 12) + last.Month - first.Month;
        int step = Math.Max(1, (int)Math.Ceiling(months / (double)wanted));
        for (DateOnly month = new DateOnly(first.Year, first.Month, 1).AddMonths(1); month <= last; month = month.AddMonths(step))
        {
            yield return month;
        }
    }

    private static string Axis(double gain, int decimals) =>
        (gain > 1e-12 ? "+" : gain < -1e-12 ? "−" : "") + Math.Abs(100 * gain).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + "%";

    private static string Day(DateTimeOffset at) => PageText.Date(DateOnly.FromDateTime(at.UtcDateTime));
}
