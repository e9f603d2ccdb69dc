using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Auth;

/// <summary>Whose work somebody decides about: with the right to run that which they asked for themselves, with the right to operate anybody's, and what a schedule
/// or another run asked for.</summary>
internal static class OwnWork
{
    /// <summary>Goes on only for whoever may decide about a piece of work.</summary>
    /// <param name="caller">Who decides.</param>
    /// <param name="requestedBy">Who asked for it.</param>
    /// <param name="work">Its id.</param>
    /// <exception cref="ProblemException">APP-1162: it is another's.</exception>
    public static void DemandOwn(this Caller caller, string requestedBy, string work)
    {
        if (requestedBy != caller.Person.Id && !caller.Rights.Contains(Right.Operate))
        {
            throw new ProblemException("APP-1162", $"'{work}' was asked for by '{requestedBy}', not by '{caller.Person.Id}'.", work,
                "Ask them, an operator or an admin to decide; going over it again makes a run of your own.", ExitCode.BadUsage);
        }
    }
}
