using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Auth;

/// <summary>The roles of spec 08 §8.7 and their rights: the one table that routes, commands and pages go by.</summary>
public static class Roles
{
    /// <summary>Who may do everything.</summary>
    public const string Admin = "admin";

    private static readonly (string Role, Right[] Rights)[] Table =
    [
        ("viewer", [Right.Read]),
        ("researcher", [Right.Read, Right.Plan, Right.Run]),
        ("approver", [Right.Read, Right.Approve]),
        ("operator", [Right.Read, Right.Plan, Right.Run, Right.Approve, Right.Operate]),
        (Admin, Enum.GetValues<Right>()),
    ];

    /// <summary>All roles, from the one with the fewest rights on.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Table.Select(r => r.Role)];

    /// <summary>The rights of a role; a word that is no role has none.</summary>
    public static IReadOnlySet<Right> RightsOf(string role) => Table.FirstOrDefault(r => r.Role == role).Rights?.ToHashSet() ?? [];

    /// <summary>The roles that have a right.</summary>
    public static IReadOnlyList<string> With(Right right) => [.. Table.Where(r => r.Rights.Contains(right)).Select(r => r.Role)];

    /// <summary>Refuses what a role has no right to, and names the roles that have it.</summary>
    public static Problem Refusal(string role, Right right, string where) => new(
        "USR-1010", $"Your role {role} has no right to {EnumWords<Right>.Text(right)} here.", where, $"Ask somebody with the role {string.Join(" or ", With(right))}.");
}
