using System.Globalization;
using System.Text;

namespace Sigmatiq.App.Api;

/// <summary>Writes figures in the text format of Prometheus, version 0.0.4.</summary>
internal sealed class PrometheusText
{
    /// <summary>Content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder text = new();

    /// <summary>Begins a figure.</summary>
    /// <param name="name">Its name, with the unit at its end.</param>
    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>summary</c>.</param>
    /// <param name="help">What it counts.</param>
    public PrometheusText Figure(string name, string type, string help)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escaped(help, quote: false)}\n# TYPE {name} {type}\n");
        return this;
    }

    /// <summary>Writes a value of the figure that was begun.</summary>
    /// <param name="name">The figure, with <c>_sum</c> or <c>_count</c> where it is a summary.</param>
    /// <param name="value">The value.</param>
    /// <param name="labels">What it is of.</param>
    public PrometheusText Value(string name, double value, params (string Name, string Value)[] labels)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').AppendJoin(',', labels.Select(l => $"{l.Name}=\"{Escaped(l.Value, quote: true)}\"")).Append('}');
        }

        text.Append(CultureInfo.InvariantCulture, $" {value:R}\n");
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private static string Escaped(string value, bool quote)
    {
        string escaped = value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        return quote ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
