using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sigmatiq.App.Pages;

/// <summary>Markup that may be sent as it is. It is made by <see cref="Of"/>, which escapes every value put into it: forgetting to
/// escape is not possible, since a plain string is never markup.</summary>
public readonly record struct Html
{
    private readonly string? markup;

    private Html(string markup) => this.markup = markup;

    /// <summary>Nothing.</summary>
    public static Html Empty => default;

    /// <summary>The markup.</summary>
    public string Markup => markup ?? "";

    /// <summary>Markup from an interpolated string: the literal parts as they are, the values escaped unless they are <see cref="Html"/>.</summary>
    public static Html Of(HtmlInterpolation parts) => new(parts.Finish());

    /// <summary>Markup of our own files (style, script), never of data.</summary>
    internal static Html OfAsset(string markup) => new(markup);

    /// <summary>One after the other.</summary>
    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(p => p.Markup)));

    /// <inheritdoc/>
    public override string ToString() => Markup;
}

/// <summary>Collects the parts of <see cref="Html.Of"/>.</summary>
[InterpolatedStringHandler]
public readonly ref struct HtmlInterpolation(int literalLength, int formattedCount)
{
    private readonly StringBuilder text = new(literalLength + (formattedCount * 24));

    /// <summary>A part of the template.</summary>
    public void AppendLiteral(string part) => text.Append(part);

    /// <summary>A text value.</summary>
    public void AppendFormatted(string? value) => Escape(text, value);

    /// <summary>Markup, a list of markup, or any other value as invariant text.</summary>
    public void AppendFormatted<T>(T value)
    {
        switch (value)
        {
            case Html html:
                text.Append(html.Markup);
                break;
            case IEnumerable<Html> parts:
                foreach (Html part in parts)
                {
                    text.Append(part.Markup);
                }

                break;
            case IFormattable formattable:
                Escape(text, formattable.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                Escape(text, value?.ToString());
                break;
        }
    }

    internal string Finish() => text.ToString();

    private static void Escape(StringBuilder text, string? value)
    {
        foreach (char c in value ?? "")
        {
            switch (c)
            {
                case '&':
                    text.Append("&amp;");
                    break;
                case '<':
                    text.Append("&lt;");
                    break;
                case '>':
                    text.Append("&gt;");
                    break;
                case '"':
                    text.Append("&quot;");
                    break;
                case '\'':
                    text.Append("&#39;");
                    break;
                default:
                    if (IsHidden(c))
                    {
                        text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
                    }
                    else
                    {
                        text.Append(c);
                    }

                    break;
            }
        }
    }

    // Characters that reorder or hide the text around them are shown by their number, so that a name cannot pose as another.
    private static bool IsHidden(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\t' or '\r')) || c is (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u2069') or '\uFEFF';
}
