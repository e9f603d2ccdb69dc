using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Auth;

/// <summary>What a key may be used for. A key has those rights of its owner, as they stand at that moment, that its scopes let through.</summary>
public static class KeyScopes
{
    private static readonly (string Scope, Right[] Rights)[] Table =
    [
        ("read", [Right.Read]),
        ("run", [Right.Read, Right.Plan, Right.Run, Right.Operate]),
        ("vote", [Right.Read, Right.Approve]),
        ("admin", [Right.Read, Right.Administer]),
    ];

    /// <summary>All scopes.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Table.Select(s => s.Scope)];

    /// <summary>What scopes let through.</summary>
    /// <param name="scopes">Words of <see cref="All"/>; others let nothing through.</param>
    public static IReadOnlySet<Right> RightsOf(IEnumerable<string> scopes) => Table.Where(s => scopes.Contains(s.Scope, StringComparer.Ordinal)).SelectMany(s => s.Rights).ToHashSet();

    /// <summary>The scopes that let a right through.</summary>
    public static IReadOnlyList<string> With(Right right) => [.. Table.Where(s => s.Rights.Contains(right)).Select(s => s.Scope)];

    /// <summary>Reads scopes in the order of <see cref="All"/>, each once.</summary>
    /// <exception cref="ProblemException">KEY-1002: a word that is no scope, or none.</exception>
    public static IReadOnlyList<string> Read(IReadOnlyCollection<string> words)
    {
        string remedy = $"Use one or more of: {string.Join(", ", All)}.";
        return words.Except(All, StringComparer.Ordinal).FirstOrDefault() is { } other ? throw new ProblemException("KEY-1002", $"'{other}' is no scope of a key.", "scopes", remedy, ExitCode.BadUsage)
            : words.Count == 0 ? throw new ProblemException("KEY-1002", "A key needs a scope.", "scopes", remedy, ExitCode.BadUsage)
            : [.. All.Where(words.Contains)];
    }

    /// <summary>Refuses what a key's scopes do not let through.</summary>
    public static Problem Refusal(Right right, string where) => new(
        "KEY-1008", $"The scopes of this key do not let through {EnumWords<Right>.Text(right)}.", where, $"Make one with the scope {string.Join(" or ", With(right))}.");
}
