namespace Sigmatiq.Store.Audit;

/// <summary>Which records of the chain are looked at; an empty text lets all through.</summary>
/// <param name="Actor">Who did it.</param>
/// <param name="Action">How the action begins: <c>approval</c> is <c>approval.approve</c> too.</param>
/// <param name="About">What its subject holds.</param>
public sealed record AuditFilter(string Actor, string Action, string About)
{
    internal string ActionText => Action.Length == 0 ? "" : Literal(Action) + "%";

    internal string AboutText => About.Length == 0 ? "" : $"%{Literal(About)}%";

    // What a person types is text, and no pattern.
    private static string Literal(string text) => text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
