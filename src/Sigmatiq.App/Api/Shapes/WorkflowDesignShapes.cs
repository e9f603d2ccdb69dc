namespace Sigmatiq.App.Api.Shapes;

/// <summary>A problem of a workflow's text at its place.</summary>
/// <param name="Code">Stable code, e.g. <c>WFL-1003</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Where">Line and column as text, <c>text:29:15</c>.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Line">Line from 1; null where there is no place.</param>
/// <param name="Column">Column from 1.</param>
/// <param name="Step">The step it stands in; null outside the steps.</param>
/// <param name="Path">Keys to the value, e.g. <c>steps</c>, <c>train</c>, <c>with</c>, <c>combo</c>; empty where the text is no YAML.</param>
public sealed record PlacedProblem(string Code, string Message, string? Where, string? Remedy, int? Line, int? Column, string? Step, IReadOnlyList<string> Path);

/// <summary>A workflow to keep as a new version.</summary>
/// <param name="Text">The YAML; its own id and version name the file.</param>
/// <param name="Base">The version that it was made from, which must still be the newest; null for a workflow that is new.</param>
/// <param name="Note">Why, kept in the record of decisions.</param>
/// <param name="Workflow">The workflow it is meant for: a text that says another one is refused (WFL-1016). Without it the text alone says.</param>
public sealed record WorkflowSave(string Text, string? Base, string? Note, string? Workflow);

/// <summary>A version that was saved.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Version">The version.</param>
/// <param name="WorkflowHash">Hash of its content.</param>
/// <param name="File">Name of its file in <c>workflows/</c>.</param>
/// <param name="Warnings">What may be meant, but is worth a look.</param>
public sealed record WorkflowSaved(string Id, string Version, string WorkflowHash, string File, IReadOnlyList<PlacedProblem> Warnings);

/// <summary>Two texts to compare.</summary>
/// <param name="A">The one, as YAML.</param>
/// <param name="B">The other.</param>
public sealed record WorkflowPair(string A, string B);

/// <summary>How the cases of a text came out.</summary>
/// <param name="Passed">Whether all came out as expected.</param>
/// <param name="Cases">Each case.</param>
public sealed record WorkflowTested(bool Passed, IReadOnlyList<WorkflowCase> Cases);

/// <summary>How one case came out.</summary>
/// <param name="Name">Its sentence.</param>
/// <param name="Passed">Whether it came out as expected.</param>
/// <param name="Run">State of the run at its end.</param>
/// <param name="TookSeconds">How long it took by the case's clock.</param>
/// <param name="Differences">What came out otherwise than expected.</param>
/// <param name="Steps">Every step with its end state.</param>
public sealed record WorkflowCase(string Name, bool Passed, string Run, double TookSeconds, IReadOnlyList<string> Differences, IReadOnlyList<WorkflowCaseStep> Steps);

/// <summary>The end state of a step in a case.</summary>
/// <param name="Step">The step.</param>
/// <param name="State">How it ended.</param>
/// <param name="Expected">How it should have; null where the case does not say.</param>
/// <param name="Reason">Why, where there is a reason.</param>
public sealed record WorkflowCaseStep(string Step, string State, string? Expected, string? Reason);

/// <summary>Where the steps of a workflow stand when it is drawn. It lies beside the files and is no part of their content or hash.</summary>
/// <param name="Positions">Upper left corner by step, as x and y; a step that is not here is placed by the studio.</param>
public sealed record WorkflowLayoutShown(IReadOnlyDictionary<string, IReadOnlyList<double>> Positions);

/// <summary>A draft to keep.</summary>
/// <param name="Text">What was written so far; it need not be a workflow yet.</param>
/// <param name="Base">The version that it was made from; null for a workflow that is new.</param>
public sealed record WorkflowDraft(string Text, string? Base);

/// <summary>Drafts of a workflow: one's own, and who else has one.</summary>
/// <param name="Mine">What the asker has written; null without.</param>
/// <param name="Others">Who else is at it, the latest first.</param>
public sealed record WorkflowDraftsShown(WorkflowDraftShown? Mine, IReadOnlyList<WorkflowDraftOf> Others);

/// <summary>A draft.</summary>
/// <param name="Text">What was written.</param>
/// <param name="Base">The version that it was made from.</param>
/// <param name="SavedAtUtc">When it was kept last.</param>
public sealed record WorkflowDraftShown(string Text, string? Base, DateTimeOffset SavedAtUtc);

/// <summary>That the asker has a draft.</summary>
/// <param name="Id">Of which workflow.</param>
/// <param name="Base">The version that it was made from; null for a workflow that is new.</param>
/// <param name="SavedAtUtc">When it was kept last.</param>
public sealed record WorkflowDraftMine(string Id, string? Base, DateTimeOffset SavedAtUtc);

/// <summary>Somebody else's draft.</summary>
/// <param name="User">Their id.</param>
/// <param name="Name">Their name.</param>
/// <param name="Base">The version that it was made from.</param>
/// <param name="SavedAtUtc">When it was kept last.</param>
public sealed record WorkflowDraftOf(string User, string Name, string? Base, DateTimeOffset SavedAtUtc);

/// <summary>What a workflow is mended from: its newest file as it is, and the last content that could be read.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Version">The newest version, by the name of its file; of what was published where there is no file.</param>
/// <param name="File">Name of the file in <c>workflows/</c>; null where there is none.</param>
/// <param name="Text">The text as it stands there; null where it cannot be read at all.</param>
/// <param name="State"><c>sound</c>; <c>broken</c>, it is no workflow; <c>changed</c>, it says otherwise than what was published under its version; <c>unreadable</c>. Anything but sound fires nothing.</param>
/// <param name="Problems">What keeps it from firing, at its place.</param>
/// <param name="Good">The newest content that can be read and holds, where the file does not; null where it does, or where there is none.</param>
public sealed record WorkflowSource(string Id, string Version, string? File, string? Text, string State, IReadOnlyList<PlacedProblem> Problems, WorkflowGood? Good);

/// <summary>Content that can be read.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Origin"><c>published</c> or <c>file</c>.</param>
/// <param name="Text">The text.</param>
public sealed record WorkflowGood(string Version, string Origin, string Text);

/// <summary>What a new version of a workflow touches, and what stays on the version it began with.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Paused">Why its own schedule starts nothing; null where it does, or where it has none.</param>
/// <param name="UsedBy">Other workflows whose newest version runs it as a step or waits for it.</param>
/// <param name="Backfills">Backfills under way: their fires stay on the version that was previewed.</param>
/// <param name="Runs">Runs that have not ended, by version: they stay on it.</param>
public sealed record WorkflowUses(string Id, string? Paused, IReadOnlyList<WorkflowUser> UsedBy, IReadOnlyList<WorkflowBackfillUse> Backfills, IReadOnlyList<WorkflowRunsUse> Runs);

/// <summary>A step of another workflow that runs this one or waits for it.</summary>
/// <param name="Workflow">The other workflow.</param>
/// <param name="Version">Its newest version.</param>
/// <param name="Step">The step.</param>
/// <param name="How"><c>newest</c>, it runs whatever version is the newest by then; <c>version</c>, it runs one that it names; <c>waits</c>, it waits for a run of any version.</param>
/// <param name="Named">The version that it names.</param>
/// <param name="Schedule">When the other workflow starts by itself; null where it does not.</param>
/// <param name="Paused">Why it starts nothing.</param>
public sealed record WorkflowUser(string Workflow, string Version, string Step, string How, string? Named, string? Schedule, string? Paused);

/// <summary>A backfill under way.</summary>
/// <param name="Token">Its token.</param>
/// <param name="Version">The version that its fires run.</param>
/// <param name="Fires">Fires in all.</param>
/// <param name="Ended">Of these with an outcome.</param>
/// <param name="RequestedBy">Who asked for it.</param>
public sealed record WorkflowBackfillUse(string Token, string? Version, int Fires, int Ended, string RequestedBy);

/// <summary>Runs of one version that have not ended.</summary>
/// <param name="Version">The version.</param>
/// <param name="Count">How many.</param>
/// <param name="Queued">How many of them wait for a slot.</param>
public sealed record WorkflowRunsUse(string Version, int Count, int Queued);

/// <summary>Who is at a workflow, and what is the newest of it.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Newest">Its newest version, in a file or published; null before there is one.</param>
/// <param name="SavedBy">Who saved it in the studio; null where it came as a file.</param>
/// <param name="SavedAtUtc">When.</param>
/// <param name="Note">Why, as they wrote it.</param>
/// <param name="Editors">Designers that are open, but for the asking tab's own.</param>
/// <param name="Drafts">Drafts of others, the latest first.</param>
public sealed record WorkflowDesk(string Id, string? Newest, string? SavedBy, DateTimeOffset? SavedAtUtc, string? Note, IReadOnlyList<WorkflowEditor> Editors, IReadOnlyList<WorkflowDraftOf> Drafts);

/// <summary>An open designer.</summary>
/// <param name="User">Whose.</param>
/// <param name="Name">Their name.</param>
/// <param name="IsMe">Whether it is another tab of the asker.</param>
/// <param name="Base">The version that is edited; null for a workflow that is new.</param>
public sealed record WorkflowEditor(string User, string Name, bool IsMe, string? Base);

/// <summary>Says that a designer is open.</summary>
/// <param name="Tab">An id of the tab, 8 to 40 letters, digits and hyphens.</param>
/// <param name="Base">The version that is edited; null for a workflow that is new.</param>
public sealed record WorkflowEditing(string Tab, string? Base);
