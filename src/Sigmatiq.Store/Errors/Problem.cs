using System.Text.Json.Serialization;

namespace Sigmatiq.Store.Errors;

/// <summary>What the process tells its caller (spec 08 §8.5).</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>Failed.</summary>
    Error = 1,

    /// <summary>The command line or request itself is wrong.</summary>
    BadUsage = 2,

    /// <summary>An approval is missing: the run waits at its vote.</summary>
    ApprovalMissing = 3,

    /// <summary>Data are stale or refused by a quality gate.</summary>
    DataRefused = 4,

    /// <summary>Cancelled by the user.</summary>
    Cancelled = 130,
}

/// <summary>One coded error: what is wrong, where, and what to do about it.</summary>
/// <param name="Code">Stable code that can be looked up, e.g. <c>PCK-1004</c>.</param>
/// <param name="Message">What is wrong, as a sentence with the offending value in it.</param>
/// <param name="Where">File with line and column, field, row or symbol; null where there is no place.</param>
/// <param name="Remedy">What the reader can do now.</param>
/// <param name="Exit">The exit code of a command that ends on it.</param>
/// <remarks>Messages quote what they refuse, which may be anything: control characters are shown as <c>�</c>, so that they do not act on
/// a terminal, and what is longer than <see cref="LengthMax"/> is cut in its middle.</remarks>
public sealed record Problem(string Code, string Message, string? Where = null, string? Remedy = null, ExitCode Exit = ExitCode.Error)
{
    /// <summary>Longest message, place and remedy, in characters.</summary>
    public const int LengthMax = 1000;

    /// <inheritdoc cref="Problem(string, string, string, string, ExitCode)" path="/param[@name='Message']"/>
    public string Message { get; init; } = Readable(Message);

    /// <inheritdoc cref="Problem(string, string, string, string, ExitCode)" path="/param[@name='Where']"/>
    public string? Where { get; init; } = Where is null ? null : Readable(Where);

    /// <inheritdoc cref="Problem(string, string, string, string, ExitCode)" path="/param[@name='Remedy']"/>
    public string? Remedy { get; init; } = Remedy is null ? null : Readable(Remedy);

    /// <summary>Whether the store could not do its part: then nothing was decided about what was asked, and it may be asked again.</summary>
    [JsonIgnore]
    public bool IsOfStore => Code.StartsWith("STO-", StringComparison.Ordinal);

    /// <summary>One line: code, place, message, remedy.</summary>
    public override string ToString() =>
        $"{Code}{(Where is null ? "" : $" at {Where}")}: {Message}{(Remedy is null ? "" : $" {Remedy}")}";

    private static string Readable(string text)
    {
        if (text.Length > LengthMax)
        {
            text = $"{text[..(LengthMax - 200)]} … {text[^150..]}";
        }

        char[] shown = text.ToCharArray();
        for (int i = 0; i < shown.Length; i++)
        {
            // Half a surrogate pair, as a cut may leave it, has no bytes.
            bool isPair = i + 1 < shown.Length && char.IsSurrogatePair(shown[i], shown[i + 1]);
            if (isPair)
            {
                i++;
            }
            else if (Acts(shown[i]))
            {
                shown[i] = '�';
            }
        }

        return new(shown);

        static bool Acts(char c) =>
            (char.IsControl(c) && c is not '\n' and not '\t') || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') || char.IsSurrogate(c);
    }
}

/// <summary>The one exception for refused input and broken facts; it always carries a <see cref="Problem"/>.</summary>
/// <remarks>Expected outcomes are values (<c>ParseResult</c>, gate results), not exceptions: throw this only where the caller
/// cannot go on.</remarks>
public class ProblemException : Exception
{
    /// <summary>The first problem; there may be more in <see cref="All"/>.</summary>
    public Problem Problem => All[0];

    /// <summary>Every problem found, in the order found; never empty.</summary>
    public IReadOnlyList<Problem> All { get; }

    /// <summary>Creates the exception from one problem.</summary>
    public ProblemException(Problem problem, Exception? inner = null) : this([problem], inner) { }

    /// <summary>Creates the exception from all problems of one input.</summary>
    public ProblemException(IReadOnlyList<Problem> all, Exception? inner = null)
        : base(string.Join(Environment.NewLine, all), inner) => All = all;

    /// <summary>Shorthand for a problem without a file position.</summary>
    public ProblemException(string code, string message, string? where = null, string? remedy = null, ExitCode exit = ExitCode.Error)
        : this(new Problem(code, message, where, remedy, exit)) { }
}
