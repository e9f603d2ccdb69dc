namespace Sigmatiq.Workflows.Cluster;

/// <summary>How long claims last and how often they are renewed; the same on every node of a cluster.</summary>
public sealed record ClusterTerms
{
    /// <summary>A claim that was not renewed for so long is free.</summary>
    public TimeSpan Term { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a node signs and renews its claims: three missed in a row lose them.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a node looks whether it was asleep.</summary>
    public TimeSpan WatchEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A node whose claims were not renewed for so long stops its work: a little before another may begin it.</summary>
    public TimeSpan Patience => Term - (2 * WatchEvery);

    /// <summary>Runs that one node drives at once; their attempts share the node's slots.</summary>
    public int RunsMax { get; init; } = 16;
}
