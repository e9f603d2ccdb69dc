using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Workflows.Journal;

/// <summary>Which runs are listed; what is null takes all.</summary>
public sealed record RunFilter
{
    /// <summary>Only runs of this workflow.</summary>
    public string? Workflow { get; init; }

    /// <summary>Only runs in one of these states.</summary>
    public IReadOnlyList<string>? Statuses { get; init; }

    /// <summary>Only runs that this person or program asked for.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Only runs whose parameter <c>ticker</c> is this one.</summary>
    public string? Ticker { get; init; }

    /// <summary>Only runs that were asked for at or after this instant.</summary>
    public DateTimeOffset? FromUtc { get; init; }

    /// <summary>Only runs that were asked for before this instant.</summary>
    public DateTimeOffset? ToUtc { get; init; }

    /// <summary>Only runs that were asked for before this one: the last of the page before.</summary>
    public string? Before { get; init; }

    /// <summary>As a condition on <c>runs</c> over <see cref="Arguments"/>. What is not asked does not stand in it, so that an index serves what is.</summary>
    internal string Condition()
    {
        List<string> asked = ["1 = 1"];
        void Ask(string condition, bool isAsked) => asked.AddRange(isAsked ? [condition] : []);
        Ask("workflow_id = @Workflow", Workflow is not null);
        Ask("status in @Statuses", Statuses is not null);
        Ask("requested_by = @RequestedBy", RequestedBy is not null);
        Ask("replace(parameters, @Ticker, '') <> parameters", Ticker is not null);
        Ask("requested_at_utc >= @FromUtc", FromUtc is not null);
        Ask("requested_at_utc < @ToUtc", ToUtc is not null);
        Ask("run_id < @Before", Before is not null);
        return string.Join(" and ", asked);
    }

    // Parameters are kept as canonical JSON, so a value of a key stands in exactly one way, and in no text of another value.
    internal object Arguments(int limit) => new
    {
        Workflow, Statuses = Statuses?.ToArray(), RequestedBy, Ticker = $"\"ticker\":{CanonicalJson.Text(JsonValue.Create(Ticker))}", FromUtc, ToUtc, Before, limit,
    };
}
