using System.Globalization;
using System.Security;
using System.Text;

namespace Sigmatiq.Backtest.Pictures;

/// <summary>Writes SVG: numbers in the invariant culture, text escaped.</summary>
internal sealed class SvgText
{
    private readonly StringBuilder text = new();

    public SvgText(double width, double height, string title)
    {
        text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0}\" height=\"{height:0}\" viewBox=\"0 0 {width:0} {height:0}\" ");
        text.Append("role=\"img\" font-family=\"DejaVu Sans, Verdana, sans-serif\">\n");
        Line($"<title>{Escape(title)}</title>");
    }

    public static string Escape(string words) => SecurityElement.Escape(words);

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public SvgText Line(string markup)
    {
        text.Append(markup).Append('\n');
        return this;
    }

    public SvgText Box(double x, double y, double width, double height, string fill, string more = "") =>
        Line($"<rect x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" fill=\"{fill}\" {more}/>");

    public SvgText Stroke(double x1, double y1, double x2, double y2, string color, double width = 1, string more = "") =>
        Line($"<line x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\" stroke=\"{color}\" stroke-width=\"{Number(width)}\" {more}/>");

    public SvgText Words(double x, double y, string words, string color, double size, string anchor = "start", string more = "") =>
        Line($"<text x=\"{Number(x)}\" y=\"{Number(y)}\" fill=\"{color}\" font-size=\"{Number(size)}\" text-anchor=\"{anchor}\" {more}>{Escape(words)}</text>");

    /// <summary>A line through points, cut to one point in half a pixel so that years of bars stay a small file.</summary>
    public SvgText Path(IReadOnlyList<(double X, double Y)> points, string color, double width, string fill = "none", string more = "") =>
        Line($"<path d=\"{Data(points)}\" fill=\"{fill}\" stroke=\"{color}\" stroke-width=\"{Number(width)}\" stroke-linejoin=\"round\" {more}/>");

    public override string ToString() => text + "</svg>\n";

    private static string Data(IReadOnlyList<(double X, double Y)> points)
    {
        StringBuilder data = new();
        for (int i = 0; i < points.Count; i++)
        {
            data.Append(i == 0 ? "M" : " L").Append(Number(points[i].X)).Append(' ').Append(Number(points[i].Y));
        }

        return data.ToString();
    }
}
