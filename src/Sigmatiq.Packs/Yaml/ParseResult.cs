using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs.Yaml;

/// <summary>A value, or every problem that keeps the input from being one.</summary>
public sealed class ParseResult<T>
{
    private readonly T? value;

    private ParseResult(T? value, IReadOnlyList<Problem> problems, bool isOk)
    {
        this.value = value;
        Problems = problems;
        IsOk = isOk;
    }

    /// <summary>Whether there is a value.</summary>
    public bool IsOk { get; }

    /// <summary>What is wrong, in the order of the text; empty when there is a value.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>The value; where there is none, all problems are thrown.</summary>
    /// <exception cref="ProblemException">The input was refused.</exception>
    public T Value => IsOk ? value! : throw new ProblemException(Problems);

    /// <summary>A value.</summary>
    public static ParseResult<T> Ok(T value) => new(value, [], true);

    /// <summary>A refusal with at least one problem.</summary>
    public static ParseResult<T> Refused(params IReadOnlyList<Problem> problems) =>
        problems.Count > 0 ? new(default, problems, false) : throw new ArgumentException("A refusal names at least one problem.", nameof(problems));
}
