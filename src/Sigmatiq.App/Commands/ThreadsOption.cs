using System.CommandLine;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Commands;

/// <summary><c>--threads</c>: how many threads a command works on; no result depends on it.</summary>
internal sealed class ThreadsOption
{
    private readonly Option<int?> threads = new("--threads") { Description = "Threads (default: all cores); the result does not depend on it" };

    public void AddTo(Command command) => command.Add(threads);

    /// <summary>The number that was asked for, else that of the cores.</summary>
    /// <exception cref="ProblemException">APP-1007: below 1.</exception>
    public int Read(ParseResult parse) => parse.GetValue(threads) is not { } given ? Environment.ProcessorCount : given >= 1 ? given : throw new ProblemException(
        "APP-1007", FormattableString.Invariant($"{given} threads do no work."), threads.Name, "Write a whole number from 1, or leave it out for all cores.", ExitCode.BadUsage);
}
