namespace Sigmatiq.Packs.Grid;

/// <summary>What a user's plan allows in a sweep (02 §2.4, 08 §8.7).</summary>
public enum Plan
{
    /// <summary>The simple sweep only.</summary>
    Free,

    /// <summary>Custom sweeps up to 1,000 combos; more are refused. <c>standard</c> is another word for it.</summary>
    Premium,

    /// <summary>Custom sweeps of 3,000 combos; of more a sample is drawn.</summary>
    Pro,

    /// <summary>The local operator: no caps.</summary>
    Unlimited,
}

/// <summary>Caps of the plans.</summary>
public static class Plans
{
    /// <summary>Combos of a simple sweep, at most, unless the plan is unlimited.</summary>
    public const int SimpleCap = 45;

    /// <summary>A plan under which a sweep had this cap; all such give it the same combos.</summary>
    public static Plan OfCap(int? cap) => cap switch { null => Plan.Unlimited, 3_000 => Plan.Pro, _ => Plan.Premium };

    /// <summary>Combos of a custom sweep, at most; null without a cap, 0 where the plan has none.</summary>
    public static int? CustomCap(this Plan plan) => plan switch { Plan.Free => 0, Plan.Premium => 1_000, Plan.Pro => 3_000, _ => null };
}
