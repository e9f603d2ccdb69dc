namespace Sigmatiq.App.Api;

/// <summary>The resources by which operations are grouped.</summary>
internal static class OperationTags
{
    /// <summary>All, in the order of the document.</summary>
    public static readonly (string Name, string Description)[] All =
    [
        ("workflows", "Definitions, their versions and fire times."), ("runs", "Executions of workflows."), ("packs", "Strategy packs."), ("models", "A person's choices of pack, instrument and parameters."),
        ("sweeps", "Many combos of a model on the same data."), ("training", "Training jobs of combos."), ("approvals", "Requests for votes and what they led to."),
        ("data", "Bars, their coverage and snapshots."), ("system", "The store, nodes, queues and the record of decisions."), ("people", "Users, their roles, sessions and keys."), ("sign-in", "Sessions."),
    ];
}
