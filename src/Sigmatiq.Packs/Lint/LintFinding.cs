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
public sealed record LintFinding(string Code, LintLevel Level, string Path, string Message, string Remediation)
{
    /// <summary>A finding of an error from a problem.</summary>
    public static LintFinding Of(Problem problem) => new(problem.Code, LintLevel.Error, problem.Where ?? "", problem.Message, problem.Remedy ?? "");
}
