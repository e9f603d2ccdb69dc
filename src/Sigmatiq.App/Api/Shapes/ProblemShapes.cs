using System.Text.Json.Serialization;

namespace Sigmatiq.App.Api.Shapes;

/// <summary>One reason of a refusal.</summary>
/// <param name="Code">Stable code that can be looked up, e.g. <c>PCK-1004</c>.</param>
/// <param name="Message">What is wrong, as a sentence with the offending value in it.</param>
/// <param name="Where">Field, header, file with line and column; null where there is no place.</param>
/// <param name="Remedy">What the caller can do now.</param>
public sealed record ProblemLine(string Code, string Message, string? Where, string? Remedy);

/// <summary>A refusal (RFC 9457, <c>application/problem+json</c>).</summary>
/// <param name="Type">Always <c>about:blank</c>: the code says which problem it is.</param>
/// <param name="Title">Message of the first reason.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Code of the first reason.</param>
/// <param name="Where">Place of the first reason.</param>
/// <param name="Remedy">Remedy of the first reason.</param>
/// <param name="Problems">All reasons, in the order found.</param>
/// <param name="GridSize">Only of a sweep whose grid is beyond the cap: its combos, so that a caller need not read them out of a sentence.</param>
/// <param name="Cap">Only of such a sweep: the plan's cap.</param>
/// <param name="Present">Only of a workflow that was not saved since another version came first: the text of that one.</param>
public sealed record ProblemAnswer(
    string Type, string Title, int Status, string Code, string? Where, string? Remedy, IReadOnlyList<ProblemLine> Problems,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? GridSize = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Cap = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Present = null);
