using System.Security.Claims;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;

namespace Sigmatiq.App.Api;

/// <summary><c>/overview</c>: what the first page of the studio shows.</summary>
internal sealed class OverviewApi(Platform platform)
{
    private readonly OverviewReader reader = new(platform);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/overview", ReadAsync)
        .Operation("getOverview", "system", "What waits for a person, runs, failed and fires next, and where each strategy stands").Needs(Right.Read);

    private async Task<Answer<Overview>> ReadAsync(ClaimsPrincipal who, CancellationToken ct) => new(await reader.ReadAsync(
        new(who.FindFirstValue(ClaimTypes.NameIdentifier)!, who.Identity!.Name!, who.FindFirstValue(ClaimTypes.Role)!), ct));
}
