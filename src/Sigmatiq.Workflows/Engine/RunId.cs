namespace Sigmatiq.Workflows.Engine;

/// <summary>Identity of one run, sorts by the time of its request: <c>run_</c> and a UUID version 7.</summary>
public readonly record struct RunId(string Value) : IComparable<RunId>
{
    /// <inheritdoc/>
    public int CompareTo(RunId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
