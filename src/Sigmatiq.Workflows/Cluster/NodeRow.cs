namespace Sigmatiq.Workflows.Cluster;

/// <summary>A process that works on the store, as its row says.</summary>
/// <param name="NodeId">Its stable name.</param>
/// <param name="Incarnation">This start of it: the owner of its claims.</param>
/// <param name="Build">Content of its program.</param>
/// <param name="Version">Version of its program, for people.</param>
/// <param name="Roles">What it does, separated by commas.</param>
/// <param name="Address">Where it answers; null where it does not.</param>
/// <param name="State"><c>working</c>, <c>draining</c> (leaves its work to others) or <c>left</c>.</param>
/// <param name="StartedAtUtc">Since when.</param>
/// <param name="SignAtUtc">Its last sign, on the store's clock.</param>
/// <param name="ExpiresAtUtc">From when on it counts as dead, unless it signs.</param>
/// <param name="Claims">Runs, works and shards that it holds now.</param>
public sealed record NodeRow(
    string NodeId, string Incarnation, string Build, string Version, string Roles, string? Address, string State, DateTimeOffset StartedAtUtc,
    DateTimeOffset SignAtUtc, DateTimeOffset ExpiresAtUtc, long Claims)
{
    /// <summary>Whether it lives, as seen at an instant of the store's clock.</summary>
    public bool LivesAt(DateTimeOffset nowUtc) => State != "left" && ExpiresAtUtc > nowUtc;

    /// <summary>The state for people: a node that stopped signing is <c>dead</c>.</summary>
    public string SeenAt(DateTimeOffset nowUtc) => State != "left" && !LivesAt(nowUtc) ? "dead" : State;
}
