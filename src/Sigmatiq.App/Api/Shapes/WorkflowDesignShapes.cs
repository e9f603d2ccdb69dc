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
public sealed record WorkflowSave(string Text, string? Base, string? Note);

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

/// <summary>Somebody else's draft.</summary>
/// <param name="User">Their id.</param>
/// <param name="Name">Their name.</param>
/// <param name="Base">The version that it was made from.</param>
/// <param name="SavedAtUtc">When it was kept last.</param>
public sealed record WorkflowDraftOf(string User, string Name, string? Base, DateTimeOffset SavedAtUtc);
