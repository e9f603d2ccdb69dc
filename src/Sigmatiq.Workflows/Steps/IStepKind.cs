using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Steps;

/// <summary>A kind of work that workflows can use, e.g. <c>market.align</c>. Write one by deriving from
/// <see cref="StepKind{TInput,TOutput}"/>.</summary>
/// <remarks>An attempt may be cut off at any instant and run again from its start, so its effects carry
/// <see cref="StepContext.EffectKey"/> or are addressed by content.</remarks>
public interface IStepKind
{
    /// <summary>The name after <c>uses:</c>, room and verb: <c>learning.train</c>.</summary>
    string Name { get; }

    /// <summary>What the step does, in one sentence.</summary>
    string Summary { get; }

    /// <summary>Grows when the same input no longer gives the same output: a rerun then takes nothing over from before.</summary>
    int Version => 1;

    /// <summary>Hash of the code, for a kind that comes from outside this program; null for one of its own, whose code is the build.</summary>
    ContentHash? Code => null;

    /// <summary>Whether a rerun may take over an earlier run's output on the same input: the step computes and nothing else. False for a kind
    /// that does not say so, since its worth may be its effect, as with a vote or a deployment.</summary>
    bool IsReusable => false;

    /// <summary>Whether every use of it waits for something outside, a vote or a date: a shard cannot.</summary>
    bool Waits => false;

    /// <summary>The record that <c>with:</c> fills.</summary>
    Type InputType { get; }

    /// <summary>The record that <c>steps.NAME.outputs</c> refers to.</summary>
    Type OutputType { get; }

    /// <summary>Why an input can never work, as far as it is known: asked when a file is loaded, of the values that stand in it. Looks at nothing but
    /// the input, and gives what a run would refuse.</summary>
    IEnumerable<InputFault> Faults(StepLiterals input) => [];

    /// <summary>Runs one attempt.</summary>
    /// <param name="context">The run around it.</param>
    /// <param name="input">JSON with the fields of <see cref="InputType"/>, references already replaced by their values.</param>
    /// <param name="ct">Cancelled when the run is cancelled, the step timed out, or the program stops.</param>
    Task<StepOutcome> RunAsync(StepContext context, JsonObject input, CancellationToken ct);
}

/// <summary>A step kind with typed input and output: both are records that serialise to JSON in snake_case.</summary>
/// <typeparam name="TInput">Record; constructor parameters without default are required in <c>with:</c>.</typeparam>
/// <typeparam name="TOutput">Record; small: results are files, the output names them with their hashes.</typeparam>
public abstract class StepKind<TInput, TOutput> : IStepKind
    where TInput : class
    where TOutput : class
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Summary { get; }

    /// <inheritdoc/>
    public virtual int Version => 1;

    /// <inheritdoc/>
    public virtual bool IsReusable => false;

    /// <inheritdoc/>
    public virtual bool Waits => false;

    /// <inheritdoc/>
    public Type InputType => typeof(TInput);

    /// <inheritdoc/>
    public Type OutputType => typeof(TOutput);

    /// <inheritdoc/>
    public virtual IEnumerable<InputFault> Faults(StepLiterals input) => [];

    /// <summary>Runs one attempt on the typed input.</summary>
    public abstract Task<StepOutcome> RunAsync(StepContext context, TInput input, CancellationToken ct);

    /// <summary>Success with this kind's output.</summary>
    protected static StepOutcome Done(TOutput output) => StepOutcome.Done(output);

    Task<StepOutcome> IStepKind.RunAsync(StepContext context, JsonObject input, CancellationToken ct) => RunAsync(context, Read(context, input), ct);

    // The file was checked against the record when it was loaded; what arrives here came out of earlier steps.
    private TInput Read(StepContext context, JsonObject input)
    {
        try
        {
            return StepJson.FromObject<TInput>(input);
        }
        catch (JsonException e)
        {
            throw new ProblemException(new Problem(WorkflowCodes.BadInput, $"The input of {context.Step} does not fit {Name}: {e.Message}", context.Step,
                "Look at the outputs of the steps it refers to."), e);
        }
    }
}
