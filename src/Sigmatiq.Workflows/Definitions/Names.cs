using System.Text.RegularExpressions;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Names as workflow files write them: of workflows, steps, parameters, tables.</summary>
public static partial class Names
{
    /// <summary>Lower-case letters, digits and underscores, a letter first, 64 at most.</summary>
    public const string Pattern = "^[a-z][a-z0-9_]{0,63}$";

    /// <summary>Whether a text is a name.</summary>
    public static bool IsName(string text) => Name().IsMatch(text) && !text.EndsWith('\n');

    /// <summary>A remedy that names what there is.</summary>
    internal static string Remedy(IEnumerable<string> known, string whenNone) => known.ToArray() is { Length: > 0 } names ? $"Use some of: {string.Join(", ", names)}." : whenNone;

    [GeneratedRegex(Pattern)]
    private static partial Regex Name();
}
