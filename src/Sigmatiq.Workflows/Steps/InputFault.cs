using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Workflows.Steps;

/// <summary>Why an input can never work, whatever a run finds.</summary>
/// <param name="Field">The field of <c>with:</c> that is wrong; null where something is missing.</param>
/// <param name="Code">Code of the problem.</param>
/// <param name="Message">What is wrong, with the value.</param>
/// <param name="Remedy">What to write.</param>
public sealed record InputFault(string? Field, string Code, string Message, string Remedy)
{
    /// <summary>What a check refuses, as a fault of the field that it looked at; none where it refuses nothing.</summary>
    public static IEnumerable<InputFault> Caught(string field, Action check)
    {
        try
        {
            check();
            return [];
        }
        catch (ProblemException refused)
        {
            return refused.All.Select(p => new InputFault(field, p.Code, p.Message, p.Remedy ?? "Correct the value."));
        }
    }

    /// <summary>The refusal of a run that has such an input.</summary>
    internal ProblemException Refused() => new(Code, Message, Field ?? "with", Remedy, ExitCode.BadUsage);

    /// <summary>The failure of a step that has such an input.</summary>
    internal StepOutcome.Failed Failed(StepContext context) => new(new(Code, Message, $"step {context.Step}", Remedy), FailureCategories.Refused);
}
