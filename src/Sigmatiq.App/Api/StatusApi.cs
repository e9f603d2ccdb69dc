using System.Security.Claims;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.App.Pages;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>Reads all that the status page shows, for the person who asks.</summary>
public delegate Task<StatusView> StatusReading(string personName, CancellationToken ct);

/// <summary>Casts a person's vote by the service that the commands use too; a refused vote throws a <see cref="ProblemException"/>.</summary>
/// <param name="approvalId">Which request.</param>
/// <param name="approve">Approve or reject.</param>
/// <param name="voter">Id of the person.</param>
/// <param name="reason">Why.</param>
/// <param name="digest">Digest of what the person was shown.</param>
/// <param name="ct">Cancels before the vote is counted, never between.</param>
public delegate Task VoteCasting(string approvalId, bool approve, string voter, string reason, string digest, CancellationToken ct);

/// <summary>The status page and its form.</summary>
internal static class StatusApi
{
    private const int ReasonLengthMax = 2000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/status", ShowAsync).WithMetadata(new PageRoute()).Needs(Right.Read);
        routes.MapPost("/approvals/{id}/votes", VoteAsync)
            .Operation("castVote", "approvals", "Votes on a request by the page's form", "For pages: programs vote with /production/approve. The form carries its session's token.")
            .Body<VoteForm>(contentType: "application/x-www-form-urlencoded").Produces(StatusCodes.Status303SeeOther).Needs(Right.Approve);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, StatusReading read, string? voted, CancellationToken ct)
    {
        (Mark, string)? notice = voted switch
        {
            "approve" => (Mark.Ok, "Your approval is recorded. The run goes on with the deployment."),
            "reject" => (Mark.Ok, "Your rejection is recorded. Nothing is deployed."),
            _ => null,
        };
        return Answers.Page(await RenderAsync(context, read, notice, ct));
    }

    private static async Task<IResult> VoteAsync(HttpContext context, StatusReading read, VoteCasting cast, string id, CancellationToken ct)
    {
        if (!context.Request.HasFormContentType)
        {
            throw new ProblemException("APP-2007", "A vote is sent as a form with choice, reason, digest and csrf.", "Content-Type", "Send Content-Type: application/x-www-form-urlencoded, or vote on the page.", ExitCode.BadUsage);
        }

        IFormCollection form = await context.Request.ReadFormAsync(ct);
        string choice = form["choice"].ToString();
        try
        {
            string reason = form["reason"].ToString().Trim();
            if (choice is not ("approve" or "reject"))
            {
                throw new ProblemException("APP-2008", $"A vote is 'approve' or 'reject', was '{choice}'.", "choice", "Send choice=approve or choice=reject.", ExitCode.BadUsage);
            }

            if (reason.Length is 0 or > ReasonLengthMax)
            {
                throw new ProblemException("APP-2009", $"A vote needs a reason of 1 to {ReasonLengthMax} characters, was {reason.Length} long.", "reason",
                    "Say what convinced you, or what did not.", ExitCode.BadUsage);
            }

            // Once sent, a vote is not withdrawn because the browser went away.
            await cast(id, choice == "approve", context.User.FindFirstValue(ClaimTypes.NameIdentifier)!, reason, form["digest"].ToString(), CancellationToken.None);
        }
        catch (ProblemException e) when (context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return Answers.Page(await RenderAsync(context, read, (Mark.Bad, e.Problem.ToString()), ct), Answers.StatusOf(e.Problem));
        }

        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = $"/status?voted={choice}";
        return Results.Empty;
    }

    private static async Task<Html> RenderAsync(HttpContext context, StatusReading read, (Mark, string)? notice, CancellationToken ct)
    {
        StatusView view = await read(context.User.Identity!.Name!, ct);
        return StatusPage.Render(view, SessionAuthentication.SessionOf(context.Request) is { } session ? People.FormTokenOf(session) : "", notice);
    }
}
