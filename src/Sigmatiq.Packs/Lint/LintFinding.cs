using System.Globalization;
using System.Text.RegularExpressions;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Lint;

/// <summary>How bad a finding is: an error keeps a pack from being published.</summary>
public enum LintLevel { Error, Warn }

/// <summary>One thing the linter has to say.</summary>
/// <param name="Code">PCK-1001 … PCK-2006.</param>
/// <param name="Level">Error or warn.</param>
/// <param name="Path">File, line and column, or the key.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remediation">What to do.</param>
public sealed partial record LintFinding(string Code, LintLevel Level, string Path, string Message, string Remediation)
{
    /// <summary>A finding of an error from a problem.</summary>
    public static LintFinding Of(Problem problem) => new(problem.Code, LintLevel.Error, problem.Where ?? "", problem.Message, problem.Remedy ?? "");

    /// <summary>Where the finding stands, or null where it has no line, as for a file that is missing.</summary>
    public YamlPlace? Place => PlaceForm().Match(Path) is { Success: true } match
        ? new(match.Groups[1].Value, int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture))
        : null;

    /// <summary>The finding as one who stands outside the pack's folder reads it: an editor can jump to <c>folder/file:line:column</c>.</summary>
    public LintFinding In(string folder) =>
        PackFolder.FileNames.Any(name => Path == name || Path.StartsWith(name + ":", StringComparison.Ordinal)) ? this with { Path = System.IO.Path.Combine(folder, Path) } : this;

    [GeneratedRegex(@"^(.+?):(\d{1,9}):(\d{1,9})\b")]
    private static partial Regex PlaceForm();
}
