using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Journal;

/// <summary>Events as the journal keeps them: a kind, a schema version and a JSON body.</summary>
public static class RunEventJson
{
    /// <summary>Schema version this program writes. A reader keeps every older one for good; journals outlive programs.</summary>
    public const int SchemaVersion = 1;

    private static readonly Dictionary<string, Type> Types = new Type[]
    {
        typeof(RunRequested), typeof(RunAdmitted), typeof(CancelRequested), typeof(AttemptStarted), typeof(AttemptSucceeded), typeof(AttemptFailed),
        typeof(AttemptWaiting), typeof(AttemptLost), typeof(AttemptStopped), typeof(StepWoken), typeof(RetryDue),
        typeof(PauseRequested), typeof(ResumeRequested), typeof(RetryRequested), typeof(AttemptCrashed), typeof(StepReused),
    }.ToDictionary(t => StepJson.NameOf(t.Name), StringComparer.Ordinal);

    /// <summary>The kind under which an event is kept.</summary>
    public static string KindOf(RunEvent happened) => StepJson.NameOf(happened.GetType().Name);

    /// <summary>The body.</summary>
    public static string Write(RunEvent happened) => JsonSerializer.Serialize(happened, happened.GetType(), StepJson.Options);

    /// <summary>Reads an event back.</summary>
    /// <exception cref="ProblemException">WFL-2008: written by a newer program, or damaged.</exception>
    public static RunEvent Read(string kind, int schemaVersion, string body, string where)
    {
        if (schemaVersion != SchemaVersion || !Types.TryGetValue(kind, out Type? type))
        {
            throw new ProblemException(WorkflowCodes.BrokenJournal, $"This program cannot read the event '{kind}' of schema {schemaVersion}.", where,
                "Use the newer program that wrote it.");
        }

        try
        {
            return (RunEvent)JsonNode.Parse(body).Deserialize(type, StepJson.Options)!;
        }
        catch (JsonException e)
        {
            throw new ProblemException(new Problem(WorkflowCodes.BrokenJournal, $"The event '{kind}' is damaged: {e.Message}", where, "Restore the store from a backup."), e);
        }
    }
}
