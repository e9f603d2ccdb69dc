using Sigmatiq.Packs;
using Sigmatiq.Packs.Lint;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Backtest;

/// <summary>What the linter says of a pack that is to be published (01 §1.11): whether its parts fit together and, where they do, what its
/// strategies did in the sanity backtest. An error keeps it from being published, since what is published can never change.</summary>
public static class PublishLint
{
    /// <summary>The warnings of a pack without an error.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="publishedHash">Hash under which this version was published, or null.</param>
    /// <param name="isOfficial">Whether it ships with the product: then a weak default strategy is an error.</param>
    /// <param name="folder">Its folder, as the reader knows it.</param>
    /// <param name="ct">Stops between strategies.</param>
    /// <exception cref="ProblemException">The linter's own codes, all errors of the pack: PCK-1001 to PCK-1009, PCK-2003.</exception>
    public static IReadOnlyList<LintFinding> Pass(Pack pack, string? publishedHash, bool isOfficial, string folder, CancellationToken ct)
    {
        IReadOnlyList<LintFinding> findings = PackLinter.Lint(pack, publishedHash);
        if (!findings.Any(f => f.Level == LintLevel.Error))
        {
            findings = [.. findings, .. SanityFindings.Of(pack, SanityBacktest.Run(pack, SanityBacktest.SampleBars(pack), ct), isOfficial)];
        }

        LintFinding[] placed = [.. findings.Select(f => f.In(folder))], errors = [.. placed.Where(f => f.Level == LintLevel.Error)];
        return errors.Length == 0 ? placed : throw new ProblemException([.. errors.Select(e => new Problem(e.Code, e.Message, e.Path, e.Remediation))]);
    }
}
