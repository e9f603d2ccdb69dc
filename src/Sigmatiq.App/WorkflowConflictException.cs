using Sigmatiq.Store.Errors;

namespace Sigmatiq.App;

/// <summary>A version was not saved, since another one came first; the answer shows it.</summary>
public sealed class WorkflowConflictException(Problem problem, string? present) : ProblemException(problem)
{
    /// <summary>The text that is there.</summary>
    public string? Present => present;
}
