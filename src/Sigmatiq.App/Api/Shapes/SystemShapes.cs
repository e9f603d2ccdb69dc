namespace Sigmatiq.App.Api.Shapes;

/// <summary>Whether the server answers.</summary>
/// <param name="Status">Always <c>ok</c>.</param>
public sealed record Health(string Status);
