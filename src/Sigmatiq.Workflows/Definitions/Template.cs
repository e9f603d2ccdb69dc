using System.Text.Json.Nodes;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>A value of a workflow file in which texts may hold <c>{expressions}</c>; <c>{{</c> and <c>}}</c> are plain braces.</summary>
public abstract record Template
{
    private Template() { }

    /// <summary>A value without expressions.</summary>
    public sealed record Constant(JsonNode? Value) : Template;

    /// <summary>A text that is one expression and nothing else: it keeps the type of its value.</summary>
    public sealed record Whole(Expression Expression) : Template;

    /// <summary>Text with expressions in it; each part is a constant text or an expression.</summary>
    public sealed record Mixed(IReadOnlyList<Template> Parts) : Template;

    /// <summary>A map.</summary>
    public sealed record Map(IReadOnlyDictionary<string, Template> Fields) : Template;

    /// <summary>A list.</summary>
    public sealed record Many(IReadOnlyList<Template> Items) : Template;

    /// <summary>Named lists, whose every combination is an item: the last axis moves first.</summary>
    /// <param name="Axes">The lists in the order of the file.</param>
    public sealed record Grid(IReadOnlyList<KeyValuePair<string, Template>> Axes) : Template
    {
        /// <summary>The combinations, each an object with one value of every axis.</summary>
        /// <exception cref="ExpressionException">An axis is no list, or there are more than so many combinations.</exception>
        public JsonArray Points(NameLookup names, int max)
        {
            List<(string Name, JsonArray Values)> axes =
                [.. Axes.Select(a => (a.Key, a.Value.Fill(names) as JsonArray ?? throw new ExpressionException($"the axis {a.Key} of for_each.grid is no list")))];

            // Counted before anything is made: five lists of a thousand would fill any memory.
            double count = axes.Aggregate(1.0, (product, axis) => product * axis.Values.Count);
            if (count > max)
            {
                throw ForEachSpec.TooMany(count, max);
            }

            IEnumerable<JsonObject> points = [[]];
            foreach (var (name, values) in axes)
            {
                points = points.SelectMany(_ => values, (point, value) => new JsonObject(point.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))) { [name] = value?.DeepClone() });
            }

            return new([.. points]);
        }
    }

    /// <summary>How many items it gives, where that stands in the file; null where it is known only in a run.</summary>
    public double? Count => this switch
    {
        Many many => many.Items.Count,
        Constant { Value: JsonArray list } => list.Count,
        Grid grid => grid.Axes.Aggregate((double?)1, (product, axis) => product * axis.Value.Count),
        _ => null,
    };

    /// <summary>Every expression in it.</summary>
    public IEnumerable<Expression> Expressions() => this switch
    {
        Whole whole => [whole.Expression],
        Mixed mixed => mixed.Parts.SelectMany(p => p.Expressions()),
        Map map => map.Fields.Values.SelectMany(f => f.Expressions()),
        Many many => many.Items.SelectMany(i => i.Expressions()),
        Grid grid => grid.Axes.SelectMany(a => a.Value.Expressions()),
        _ => [],
    };

    /// <summary>The value with every expression replaced by what it stands for.</summary>
    /// <exception cref="ExpressionException">An expression cannot be evaluated.</exception>
    public JsonNode? Fill(NameLookup names) => this switch
    {
        Constant constant => constant.Value?.DeepClone(),
        Whole whole => ExpressionValue.Of(whole.Expression, names),
        Mixed mixed => JsonValue.Create(string.Concat(mixed.Parts.Select(p => TextOf(p.Fill(names))))),
        Map map => new JsonObject(map.Fields.Select(f => KeyValuePair.Create(f.Key, f.Value.Fill(names)))),
        Many many => new JsonArray([.. many.Items.Select(i => i.Fill(names))]),
        Grid grid => grid.Points(names, ForEachSpec.ItemsMax),
        _ => throw new InvalidOperationException($"{GetType().Name} is no template."),
    };

    /// <summary>The value as text; nothing is an empty one.</summary>
    /// <exception cref="ExpressionException">An expression cannot be evaluated.</exception>
    public string FillText(NameLookup names) => TextOf(Fill(names));

    /// <summary>Parses one text.</summary>
    /// <returns>The template, or an error with its offset in the text.</returns>
    public static (Template? Template, string? Error, int Position) Parse(string text)
    {
        List<Template> parts = [];
        var plain = new System.Text.StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                plain.Append(c);
                i++;
            }
            else if (c == '}')
            {
                return (null, "'}' without '{'; write '}}' for a brace", i);
            }
            else if (c == '{')
            {
                int end = EndOf(text, i + 1);
                if (end < 0)
                {
                    return (null, "'{' without '}'; write '{{' for a brace", i);
                }

                ParsedExpression parsed = ExpressionParser.Parse(text[(i + 1)..end]);
                if (parsed.Expression is null)
                {
                    return (null, parsed.Error, i + 1 + parsed.Position);
                }

                Flush();
                parts.Add(new Whole(parsed.Expression));
                i = end;
            }
            else
            {
                plain.Append(c);
            }
        }

        Flush();
        return parts switch
        {
            [] => (new Constant(JsonValue.Create("")), null, 0),
            [var only] => (only, null, 0),
            _ => (new Mixed(parts), null, 0),
        };

        void Flush()
        {
            if (plain.Length > 0)
            {
                parts.Add(new Constant(JsonValue.Create(plain.ToString())));
                plain.Clear();
            }
        }
    }

    // The brace that closes an expression; one inside a quoted text does not.
    internal static int EndOf(string text, int from)
    {
        char quote = '\0';
        for (int i = from; i < text.Length; i++)
        {
            char c = text[i];
            if (quote != '\0')
            {
                i += c == '\\' ? 1 : 0;
                quote = c == quote ? '\0' : quote;
            }
            else if (c == '}')
            {
                return i;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
        }

        return -1;
    }

    private static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonValue scalar when scalar.TryGetValue(out string? text) => text,
        _ => Store.Content.CanonicalJson.Text(value),
    };
}
