using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>Runs one attempt of a step kind and turns whatever happens into an event.</summary>
internal sealed class AttemptRunner(StepKinds kinds, AttemptThreads threads, TimeProvider clock, ILogger log)
{
    /// <summary>Largest output in bytes of JSON: outputs name results, they do not carry them.</summary>
    public const int OutputBytesMax = 262_144;

    /// <summary>The step kind of a name; null where this program has none.</summary>
    public IStepKind? KindOf(string uses) => kinds.TryGet(uses, out StepKinds.Entry? entry) ? entry.Kind : null;

    /// <summary>Runs the attempt.</summary>
    /// <param name="uses">The step kind.</param>
    /// <param name="timeout">Longest time; null sets no bound.</param>
    /// <param name="context">The run around it.</param>
    /// <param name="command">The attempt with its input.</param>
    /// <param name="stop">Cancelled when the run is cancelled.</param>
    /// <param name="shutdown">Cancelled when the program stops: the attempt is then lost, as after a crash.</param>
    public async Task<RunEvent?> RunAsync(
        string uses, TimeSpan? timeout, StepContext context, RunCommand.StartAttempt command, CancellationToken stop, CancellationToken shutdown)
    {
        (string step, int index, int attempt) = (command.Step, command.Index, command.Attempt);
        using CancellationTokenSource timer = timeout is { } limit ? new(limit, clock) : new();
        using var any = CancellationTokenSource.CreateLinkedTokenSource(stop, shutdown, timer.Token);
        try
        {
            if (!kinds.TryGet(uses, out StepKinds.Entry? kind))
            {
                throw new ProblemException(WorkflowCodes.UnknownKind, $"There is no step kind '{uses}'.", step, "Run it with the program that has it.");
            }

            StepOutcome outcome = await threads.RunAsync(() => kind.Kind.RunAsync(context, (JsonObject)command.Input.DeepClone(), any.Token));
            return outcome switch
            {
                StepOutcome.Succeeded done => Succeeded(done),
                StepOutcome.Waiting waiting => new AttemptWaiting(Now, step, index, attempt, waiting.Reason, waiting.WakeKey, waiting.ExpiresUtc),
                StepOutcome.Failed failed => Failed(failed.Problem, failed.Category),
                _ => throw new InvalidOperationException($"{outcome.GetType().Name} is no outcome."),
            };
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new AttemptStopped(Now, step, index, attempt);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested)
        {
            return Failed(new(WorkflowCodes.TimedOut, $"{step} took longer than {timeout}.", step, "Raise its timeout, or give it less to do."), FailureCategories.Timeout);
        }
        catch (Exception e) when (DiskFull.Is(e))
        {
            // Nobody's failure: the attempt is begun again once there is room.
            log.LogWarning(e, "Attempt {Attempt} of {Step}[{Index}] in {Run} met a full disk", attempt, step, index, context.Run);
            context.Log(DiskFull.Refusal(e, step).Problem.ToString());
            return new AttemptLost(Now, step, index, attempt);
        }
        catch (ProblemException e)
        {
            // A problem that only gives a code to what nobody foresaw: its trace is not lost.
            if (e.InnerException is not null)
            {
                log.LogError(e, "Attempt {Attempt} of {Step}[{Index}] in {Run} failed", attempt, step, index, context.Run);
            }

            return Failed(e.Problem, FailureCategories.Refused);
        }
        catch (Exception e)
        {
            log.LogError(e, "Attempt {Attempt} of {Step}[{Index}] in {Run} failed", attempt, step, index, context.Run);
            context.Log(e.ToString());
            return Failed(new(WorkflowCodes.Unforeseen, $"{step} failed unexpectedly ({e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}).", step,
                $"See 'sigmatiq runs logs {context.Run}'."), FailureCategories.Internal);
        }

        AttemptFailed Failed(Problem problem, string category) => new(Now, step, index, attempt, problem, category);

        RunEvent Succeeded(StepOutcome.Succeeded done)
        {
            string json = CanonicalJson.Text(done.Output);
            return Encoding.UTF8.GetByteCount(json) <= OutputBytesMax
                ? new AttemptSucceeded(Now, step, index, attempt, done.Output, ContentHash.Of(json))
                : Failed(new(WorkflowCodes.OutputTooLarge, $"The output of {step} has {json.Length} characters of JSON; {OutputBytesMax} bytes are allowed.", step,
                    "Write results to a file and give its name and hash."), FailureCategories.Internal);
        }
    }

    private DateTimeOffset Now => clock.GetUtcNow();
}
