using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Schedules;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.App.Api;

/// <summary>Which runs a query string or a command asks for.</summary>
internal static class RunFilterQuery
{
    private static readonly IReadOnlyList<string> States = [.. Enum.GetNames<RunStatus>().Select(StepJson.NameOf)];

    /// <summary>Describes the parameters that are read here.</summary>
    public static RouteHandlerBuilder TakesRunFilter(this RouteHandlerBuilder route, string workflow) => route
        .Takes("workflow", workflow).Takes("status", $"Only runs in one of these states, separated by commas: {string.Join(", ", States)}.").Takes("by", "Only runs that this person or program asked for.")
        .Takes("ticker", "Only runs of this instrument.").Takes("from", "Only runs asked for from this day or instant on (UTC where no offset is said).")
        .Takes("to", "Only runs asked for up to this day or instant.").Takes("before", "Only runs asked for before this one, by id: the last of the page before.");

    /// <summary>Reads them from a request.</summary>
    /// <exception cref="ProblemException">APP-2022: a state that no run has. WFL-1023: no time, or the end lies before the start.</exception>
    public static RunFilter Read(HttpRequest request, DateTimeOffset nowUtc) => Read(name => request.Query[name] is [{ } text, ..] ? text : null, nowUtc);

    /// <summary>Reads them by name; an empty text says nothing.</summary>
    /// <exception cref="ProblemException">APP-2022: a state that no run has. WFL-1023: no time, or the end lies before the start.</exception>
    public static RunFilter Read(Func<string, string?> given, DateTimeOffset nowUtc)
    {
        string? Text(string name) => given(name) is { Length: > 0 } text ? text : null;
        string[]? statuses = Text("status")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (statuses?.FirstOrDefault(s => !States.Contains(s)) is { } unknown)
        {
            throw new ProblemException("APP-2022", $"'{unknown}' is no state of a run.", "status", $"Write one or more of: {string.Join(", ", States)}.", ExitCode.BadUsage);
        }

        (string? from, string? to) = (Text("from"), Text("to"));
        Stretch? asked = from is null && to is null ? null : Stretch.Read(from ?? "1970-01-01", to, TimeZoneInfo.Utc, nowUtc);
        return new()
        {
            Workflow = Text("workflow"), Statuses = statuses, RequestedBy = Text("by"), Ticker = Text("ticker"), FromUtc = from is null ? null : asked!.FromUtc, ToUtc = asked?.ToUtc, Before = Text("before"),
        };
    }
}
