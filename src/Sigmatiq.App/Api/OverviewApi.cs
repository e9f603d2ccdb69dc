using System.Security.Claims;

namespace Sigmatiq.App.Api;

/// <summary><c>/overview</c>: what the first page of the studio shows.</summary>
internal sealed class OverviewApi(Platform platform)
{
    private readonly OverviewReader reader = new(platform);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/overview", ReadAsync).Produces<Overview>();

    private async Task<IResult> ReadAsync(ClaimsPrincipal who, CancellationToken ct) => Answers.Json(await reader.ReadAsync(
        new(who.FindFirstValue(ClaimTypes.NameIdentifier)!, who.Identity!.Name!, who.FindFirstValue(ClaimTypes.Role)!), ct));
}
