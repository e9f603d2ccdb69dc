namespace Sigmatiq.Workflows.Steps;

/// <summary>A step kind that has its name and its place in workflow files, but whose work this release cannot do yet. A file may use
/// it; its workflow is then shown as paused, and no run of it begins.</summary>
/// <param name="Name">The name after <c>uses:</c>.</param>
/// <param name="Summary">What it will do, in one sentence.</param>
public sealed record AnnouncedKind(string Name, string Summary);
