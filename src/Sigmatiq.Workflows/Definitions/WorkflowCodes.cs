using Sigmatiq.Store.Errors;

namespace Sigmatiq.Workflows.Definitions;

/// <summary>Every code of this room. <c>WFL-1xxx</c> refuses a workflow file or a request, <c>WFL-2xxx</c> is a run gone wrong.</summary>
public static class WorkflowCodes
{
    /// <summary>The file is no workflow: not YAML, a key is missing, unknown or of the wrong type.</summary>
    public const string Structure = "WFL-1001";

    /// <summary><c>uses</c> names no step kind.</summary>
    public const string UnknownKind = "WFL-1002";

    /// <summary>A field that the step kind, the run or a value does not have.</summary>
    public const string UnknownField = "WFL-1003";

    /// <summary>Steps need each other in a circle.</summary>
    public const string Cycle = "WFL-1004";

    /// <summary>A value of the wrong type.</summary>
    public const string TypeMismatch = "WFL-1005";

    /// <summary>A parameter that the workflow does not have.</summary>
    public const string UnknownParameter = "WFL-1006";

    /// <summary>An expression that cannot be read.</summary>
    public const string Syntax = "WFL-1007";

    /// <summary>A step that the workflow does not have.</summary>
    public const string UnknownStep = "WFL-1008";

    /// <summary>A required input is not given.</summary>
    public const string MissingInput = "WFL-1009";

    /// <summary>A published version has other content.</summary>
    public const string Immutable = "WFL-1010";

    /// <summary>A value outside its closed list or range.</summary>
    public const string BadValue = "WFL-1011";

    /// <summary>There is no such workflow or version.</summary>
    public const string UnknownWorkflow = "WFL-1012";

    /// <summary>A run's parameters do not fit the workflow.</summary>
    public const string BadParameter = "WFL-1013";

    /// <summary>A version that is to be saved is there already, or is made from one that is no longer the newest.</summary>
    public const string VersionTaken = "WFL-1014";

    /// <summary>The folder of workflow files cannot be written.</summary>
    public const string CannotSave = "WFL-1015";

    /// <summary>A text was sent for one workflow and says another one.</summary>
    public const string OtherWorkflow = "WFL-1016";

    /// <summary>A cron expression that cannot be read.</summary>
    public const string BadCron = "WFL-1020";

    /// <summary>A schedule that names no day that ever comes.</summary>
    public const string NeverFires = "WFL-1021";

    /// <summary>There is no such time zone or calendar.</summary>
    public const string UnknownZone = "WFL-1022";

    /// <summary>A stretch of time that cannot be read or holds too many fires.</summary>
    public const string BadStretch = "WFL-1023";

    /// <summary>A step's kind is announced, but this release cannot do its work yet.</summary>
    public const string NotBuilt = "WFL-1024";

    /// <summary>A schedule that cannot be paused or unpaused as it stands.</summary>
    public const string SchedulePause = "WFL-1025";

    /// <summary>A backfill of a stretch that has no fires to make up for.</summary>
    public const string BadBackfill = "WFL-1026";

    /// <summary>The set of fires is no longer the one that was previewed.</summary>
    public const string BackfillChanged = "WFL-1027";

    /// <summary>A fan-out with more items than its bound.</summary>
    public const string TooManyItems = "WFL-1030";

    /// <summary>A run is refused, since its concurrency group is full.</summary>
    public const string GroupFull = "WFL-1031";

    /// <summary>A workflow without a case to play.</summary>
    public const string NoCase = "WFL-1040";

    /// <summary>Workflows that run each other in a circle, or too deeply.</summary>
    public const string Recursion = "WFL-1032";

    /// <summary>The run of a sub-workflow did not complete.</summary>
    public const string ChildFailed = "WFL-2210";

    /// <summary>A plug-in that cannot be loaded.</summary>
    public const string BadPlugin = "WFL-1045";

    /// <summary>A plug-in's step kind has the name of another one.</summary>
    public const string KindTaken = "WFL-1046";

    /// <summary>A run is pinned to other code than this process has.</summary>
    public const string CodeChanged = "WFL-2211";

    /// <summary>An expression in a step cannot be evaluated on what the run found.</summary>
    public const string CannotEvaluate = "WFL-2001";

    /// <summary>A step's input does not fit its kind, though the file did.</summary>
    public const string BadInput = "WFL-2002";

    /// <summary>An attempt took longer than its timeout.</summary>
    public const string TimedOut = "WFL-2003";

    /// <summary>An attempt ended in an exception that nobody foresaw.</summary>
    public const string Unforeseen = "WFL-2004";

    /// <summary>Somebody else has appended to the run's journal since it was read.</summary>
    public const string JournalMoved = "WFL-2005";

    /// <summary>There is no such run.</summary>
    public const string UnknownRun = "WFL-2006";

    /// <summary>The run has ended.</summary>
    public const string RunEnded = "WFL-2007";

    /// <summary>A journal entry that this program cannot read.</summary>
    public const string BrokenJournal = "WFL-2008";

    /// <summary>A step's output is larger than a journal entry may be.</summary>
    public const string OutputTooLarge = "WFL-2009";

    /// <summary>The run cannot be paused: it has ended, is ending, or is paused already.</summary>
    public const string CannotPause = "WFL-2201";

    /// <summary>The run is not paused.</summary>
    public const string NotPaused = "WFL-2202";

    /// <summary>Nothing in the run can be tried again.</summary>
    public const string NothingToRetry = "WFL-2203";

    /// <summary>An idempotency key stands for another request.</summary>
    public const string KeyTaken = "WFL-2204";

    /// <summary>A decision about a run came without its reason.</summary>
    public const string ReasonMissing = "WFL-2205";

    /// <summary>The run crashed its worker again and again and was set aside.</summary>
    public const string SetAside = "WFL-2206";

    /// <summary>The run is paused.</summary>
    public const string Paused = "WFL-2207";

    /// <summary>A rerun of a run that has not ended.</summary>
    public const string NotEnded = "WFL-2208";

    /// <summary>The run is under way, and no living process drives it.</summary>
    public const string Undriven = "WFL-2212";

    internal static Problem Unevaluable(string step, ExpressionException e) => e.Code == TooManyItems
        ? new(e.Code, $"{step} is refused: {e.Message}.", step, "Shorten the list, or raise for_each.max.")
        : new(e.Code, $"The input of {step} cannot be evaluated: {e.Message}.", step, "Look at the outputs of the steps it refers to.");
}
