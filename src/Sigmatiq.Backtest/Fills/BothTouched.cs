namespace Sigmatiq.Backtest.Fills;

/// <summary>What is taken when a bar holds both the stop and the target.</summary>
public enum BothTouched
{
    /// <summary>The stop: the pessimistic result.</summary>
    StopFirst,

    /// <summary>The target: the optimistic one, shown beside.</summary>
    TargetFirst,
}
