using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Auth;

/// <summary>Who asks for something, and by which door.</summary>
/// <param name="Person">Whose name stands under it.</param>
/// <param name="Key">The key that a program came with; null for a person with a session, or at the machine itself.</param>
/// <param name="Scopes">The key's scopes; empty without one.</param>
public sealed record Caller(Person Person, string? Key, IReadOnlyList<string> Scopes)
{
    /// <summary>What they may do now.</summary>
    public IReadOnlySet<Right> Rights => Key is null ? Roles.RightsOf(Person.Role) : Roles.RightsOf(Person.Role).Intersect(KeyScopes.RightsOf(Scopes)).ToHashSet();

    /// <summary>Why a right is missing; null where they have it.</summary>
    public Problem? Refusal(Right right, string where) => Rights.Contains(right) ? null
        : !Roles.RightsOf(Person.Role).Contains(right) ? Roles.Refusal(Person.Role, right, where) : KeyScopes.Refusal(right, where);

    /// <summary>Goes on only with a right.</summary>
    /// <exception cref="ProblemException">USR-1010: the role has not got it. KEY-1008: the key's scopes do not let it through.</exception>
    public void Demand(Right right, string where)
    {
        if (Refusal(right, where) is { } problem)
        {
            throw new ProblemException(problem);
        }
    }

    /// <summary>Goes on only for a person who is there: a key that could make keys, or sign somebody in, would outlive its own end.</summary>
    /// <exception cref="ProblemException">KEY-1006: a key asks.</exception>
    public void DemandPerson(string where)
    {
        if (Key is not null)
        {
            throw new ProblemException("KEY-1006", "A key cannot make keys or sign anybody in or out.", where, "Sign in, and do it there.");
        }
    }
}
