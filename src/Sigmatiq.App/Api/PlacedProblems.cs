using System.Globalization;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.App.Api;

/// <summary>Problems of a workflow's text with line, column, step and field, so that a designer can say them at all of these places.</summary>
internal static class PlacedProblems
{
    /// <summary>The problems at their places.</summary>
    public static IReadOnlyList<PlacedProblem> Of(string text, IReadOnlyList<Problem> problems)
    {
        ParseResult<YamlNode>? tree = problems.Count == 0 ? null : YamlText.Parse(text, "text", WorkflowCodes.Structure);
        return
        [
            .. problems.Select(p =>
            {
                (int Line, int Column)? at = PlaceOf(p.Where);
                IReadOnlyList<string> path = at is { } place && tree is { IsOk: true } ? PathAt(tree.Value, place.Line, place.Column) : [];
                return new PlacedProblem(p.Code, p.Message, p.Where, p.Remedy, at?.Line, at?.Column, path is ["steps", var step, ..] ? step : null, path);
            }),
        ];
    }

    // As YamlPlace writes it: file:line:column.
    private static (int Line, int Column)? PlaceOf(string? where) =>
        where?.Split(':') is [.., var line, var column] && int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int row)
        && int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out int character) ? (row, character) : null;

    // The last key, or item, that begins at the place or before it, as deep as they go.
    private static List<string> PathAt(YamlNode root, int line, int column)
    {
        List<string> path = [];
        for (YamlNode? node = root; node is not null;)
        {
            (string Key, YamlNode Value)? inside = node switch
            {
                YamlMap map => map.Entries.LastOrDefault(e => IsBefore(e.Place)) is { } entry ? (entry.Key, entry.Value) : null,
                YamlList list => list.Items.ToList().FindLastIndex(i => IsBefore(i.Place)) is >= 0 and var index ? (index.ToString(CultureInfo.InvariantCulture), list.Items[index]) : null,
                _ => null,
            };
            if (inside is { } found)
            {
                path.Add(found.Key);
            }

            node = inside?.Value;
        }

        return path;

        bool IsBefore(YamlPlace place) => place.Line < line || (place.Line == line && place.Column <= column);
    }
}
