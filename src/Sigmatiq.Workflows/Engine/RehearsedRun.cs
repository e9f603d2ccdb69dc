using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Engine;

/// <summary>One case as it is played: the real machine, steps that do what the case says, and a clock that jumps to whatever is due next.</summary>
internal sealed class RehearsedRun
{
    private const int EventsMax = 100_000;
    private const string Clock = "clock";
    private readonly WorkflowDefinition workflow;
    private readonly StepKinds kinds;
    private readonly WorkflowTest test;
    private readonly PriorityQueue<Action, (DateTimeOffset, long)> due = new();
    private readonly Dictionary<(string Step, int Index), int> tries = [];
    private readonly Dictionary<(string Step, int Index), RehearsedDeed?> woken = [];
    private long count;
    private DateTimeOffset now;

    private RehearsedRun(WorkflowDefinition workflow, StepKinds kinds, WorkflowTest test)
    {
        this.workflow = workflow;
        this.kinds = kinds;
        this.test = test;
        now = test.StartUtc;
        JsonObject parameters = ParametersOf(workflow, test);
        RunRequested requested = new(now, new(workflow.Id, workflow.Version, workflow.Hash, parameters, now, 0, null, [], "rehearsal", ""));
        State = RunMachine.Begin(new("run_rehearsal"), workflow, requested);
        Events.Add(requested);
    }

    /// <summary>The run as it came out.</summary>
    public RunState State { get; private set; }

    /// <summary>Everything that happened, in order.</summary>
    public List<RunEvent> Events { get; } = [];

    /// <summary>When steps ended, in the order of their ends.</summary>
    public List<(string Step, DateTimeOffset AtUtc)> Ended { get; } = [];

    /// <summary>What somebody did and the run refused.</summary>
    public List<string> Refused { get; } = [];

    public static RehearsedRun Play(WorkflowDefinition workflow, StepKinds kinds, WorkflowTest test)
    {
        RehearsedRun run = new(workflow, kinds, test);
        // What people do at an instant comes before what steps do at it.
        foreach (RehearsedDeed deed in test.Then)
        {
            run.At(test.StartUtc + deed.At, () => run.Do(deed));
        }

        run.Apply(new RunAdmitted(run.now));
        while (run.due.TryDequeue(out Action? next, out (DateTimeOffset AtUtc, long) when) && run.Events.Count < EventsMax)
        {
            run.now = when.AtUtc;
            next();
        }

        return run;
    }

    // Where the case stands in a file, what is wrong with its parameters is said with its place.
    private static JsonObject ParametersOf(WorkflowDefinition workflow, WorkflowTest test)
    {
        try
        {
            return RunParameters.Complete(workflow, test.Parameters);
        }
        catch (ProblemException refused) when (test.Places.Count > 0)
        {
            throw new ProblemException([.. refused.All.Select(p => p with { Where = test.PlaceOf($"parameters.{p.Where}").ToString() })]);
        }
    }

    private void At(DateTimeOffset when, Action what) => due.Enqueue(what, (when, count++));

    private string? Apply(RunEvent happened)
    {
        if (RunMachine.Refusal(State, happened) is { } refusal)
        {
            return refusal;
        }

        RunState before = State;
        (State, IReadOnlyList<RunCommand> commands) = RunMachine.Apply(State, happened);
        Events.Add(happened);
        foreach (StepRun step in State.Steps.Where(s => s.Status.IsFinal() && !before.Step(s.Spec.Name).Status.IsFinal()))
        {
            Ended.Add((step.Spec.Name, now));
        }

        foreach (RunCommand command in commands)
        {
            switch (command)
            {
                case RunCommand.StartAttempt start:
                    At(now, () => Start(start));
                    break;
                case RunCommand.StopAttempt stop:
                    At(now, () => Apply(new AttemptStopped(now, stop.Step, stop.Index, stop.Attempt)));
                    break;
                case RunCommand.RetryAt retry:
                    At(retry.DueUtc, () => Apply(new RetryDue(now, retry.Step, retry.Index)));
                    break;
                case RunCommand.AwaitWake { ExpiresUtc: { } expires } wait:
                    At(expires, () => Expire(wait, expires));
                    break;
            }
        }

        return null;
    }

    private void Start(RunCommand.StartAttempt start)
    {
        if (Apply(new AttemptStarted(now, start.Step, start.Index, start.Attempt)) is not null)
        {
            return;
        }

        (string Step, int Index) key = (start.Step, start.Index);
        int number = tries[key] = tries.GetValueOrDefault(key) + 1;
        RehearsedTry doing = TryOf(key, number);
        TimeSpan? limit = workflow.Step(start.Step).Timeout;
        bool isTooLong = limit < doing.Takes;
        At(now + (isTooLong ? limit!.Value : doing.Takes), () => Apply(
            isTooLong ? Failure(start, FailureCategories.Timeout, $"{start.Step} took longer than {limit}") :
            doing.Fails is { } category ? Failure(start, category, doing.Says ?? "made to fail") :
            doing.Waits ? new AttemptWaiting(now, start.Step, start.Index, start.Attempt, doing.Says ?? "made to wait", KeyOf(key), now + doing.WaitsFor) :
            Success(start, doing, woken.GetValueOrDefault(key), woken.ContainsKey(key))));
    }

    private AttemptFailed Failure(RunCommand.StartAttempt start, string category, string says) =>
        new(now, start.Step, start.Index, start.Attempt, new Problem("MOCKED", $"{says.TrimEnd('.')}.", start.Step), category);

    private AttemptSucceeded Success(RunCommand.StartAttempt start, RehearsedTry doing, RehearsedDeed? deed, bool wasWoken)
    {
        JsonObject output = Rehearsal.SampleOf(workflow.Step(start.Step), kinds);
        if (wasWoken)
        {
            // Silence is a rejection, as in the real step.
            Vote(output, deed?.Act == RehearsedAct.Vote ? deed : new(TimeSpan.Zero, RehearsedAct.Vote) { Decision = deed is null ? "rejected" : "approved", By = deed?.By ?? Clock, Says = deed?.Says ?? "expired" });
        }

        foreach (var (field, value) in (test.Mock.GetValueOrDefault(NameOf(start.Step, start.Index)) ?? test.Mock.GetValueOrDefault(start.Step) ?? []).Concat(doing.Gives ?? []))
        {
            output[field] = value?.DeepClone();
        }

        return new(now, start.Step, start.Index, start.Attempt, output, ContentHash.OfJson(output));
    }

    private static void Vote(JsonObject output, RehearsedDeed vote)
    {
        foreach (var (field, value) in (ReadOnlySpan<(string, string)>)[("decision", vote.Decision), ("decided_by", vote.By), ("reason", vote.Says)])
        {
            if (output.ContainsKey(field))
            {
                output[field] = value;
            }
        }
    }

    private void Do(RehearsedDeed deed)
    {
        string? refusal = deed.Act switch
        {
            RehearsedAct.Pause => Apply(new PauseRequested(now, deed.By, deed.Says)),
            RehearsedAct.Resume => Apply(new ResumeRequested(now, deed.By, deed.Says)),
            RehearsedAct.Cancel => Apply(new CancelRequested(now, deed.By, deed.Says)),
            RehearsedAct.Retry => Apply(new RetryRequested(now, deed.By, deed.Says, deed.Step)),
            _ => Wake(deed),
        };
        if (refusal is not null)
        {
            string what = $"{deed.Act.ToString().ToLowerInvariant()}{(deed.Step is null ? "" : $" of {deed.Step}")}";
            Refused.Add($"{(deed.Place is { } place ? $"{place}: " : "")}{what} after {Rehearsal.SpanText(deed.At)} is refused: {refusal}");
        }
    }

    private string? Wake(RehearsedDeed deed)
    {
        StepRun? step = State.Steps.FirstOrDefault(s => s.Spec.Name == WorkflowTest.StepOf(deed.Step!));
        StepInstance[] waiting = [.. (step?.Instances ?? []).Where(i => i.Status == StepStatus.Waiting && (deed.Step == step!.Spec.Name || deed.Step == NameOf(step.Spec.Name, i.Index)))];
        foreach (StepInstance instance in waiting)
        {
            woken[(step!.Spec.Name, instance.Index)] = deed;
            Apply(new StepWoken(now, step.Spec.Name, instance.Index, instance.WakeKey!));
        }

        return waiting.Length > 0 ? null : $"{deed.Step} is {StepJson.NameOf(step!.Status.ToString())} and waits for nothing";
    }

    private void Expire(RunCommand.AwaitWake wait, DateTimeOffset expires)
    {
        if (State.Step(wait.Step).Instances[wait.Index] is { Status: StepStatus.Waiting } still && still.DueUtc == expires)
        {
            woken[(wait.Step, wait.Index)] = null;
            Apply(new StepWoken(now, wait.Step, wait.Index, "expired"));
        }
    }

    // After a wait that was written as the last, the step succeeds; anything else goes on as it was.
    private RehearsedTry TryOf((string Step, int Index) key, int number)
    {
        IReadOnlyList<RehearsedTry> written = test.Play.GetValueOrDefault(NameOf(key.Step, key.Index)) ?? test.Play.GetValueOrDefault(key.Step) ?? ImpliedWait(key.Step);
        return written.Count == 0 ? new() : number <= written.Count ? written[number - 1] : written[^1].Waits ? new() : written[^1];
    }

    // Whoever is voted on waits for it, for as long as the definition says.
    private IReadOnlyList<RehearsedTry> ImpliedWait(string step)
    {
        if (!test.Then.Any(d => d.Act is RehearsedAct.Vote or RehearsedAct.Wake && WorkflowTest.StepOf(d.Step ?? "") == step))
        {
            return [];
        }

        TimeSpan? expires = workflow.Step(step).With.GetValueOrDefault("expires") is Template.Constant { Value: JsonValue text } && Duration.TryParse(text.ToString(), out TimeSpan read) ? read : null;
        return [new() { Waits = true, WaitsFor = expires, Says = "waits for a vote" }];
    }

    private static string KeyOf((string Step, int Index) key) => $"rehearsal:{NameOf(key.Step, key.Index)}";

    private static string NameOf(string step, int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{step}[{index}]");
}
