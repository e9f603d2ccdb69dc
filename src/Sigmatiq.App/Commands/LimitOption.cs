using System.CommandLine;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>--limit</c>: at most how many rows of a list are shown.</summary>
internal sealed class LimitOption(string description, int byDefault)
{
    private readonly Option<int> limit = new("--limit") { Description = description, DefaultValueFactory = _ => byDefault };

    public void AddTo(Command command) => command.Add(limit);

    /// <summary>The limit that was asked for.</summary>
    /// <exception cref="ProblemException">APP-1007: below 1.</exception>
    public int Read(ParseResult parse) => parse.GetValue(limit) is var rows && rows >= 1 ? rows : throw new ProblemException(
        "APP-1007", FormattableString.Invariant($"A list of at most {rows} rows shows nothing."), limit.Name, "Write a whole number from 1.", ExitCode.BadUsage);
}
