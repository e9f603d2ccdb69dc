using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.App.Auth;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>Asks the engine for a sweep that passed every check.</summary>
/// <param name="model">The model.</param>
/// <param name="request">The request, as it was sent.</param>
/// <param name="plan">What will run.</param>
/// <param name="requestedBy">Who asks.</param>
/// <param name="ct">Cancels before the request is written.</param>
/// <returns>The sweep's id.</returns>
public delegate Task<string> SweepStarting(ModelRecord model, JsonNode request, SweepPlan plan, string requestedBy, CancellationToken ct);

/// <summary><c>/sweeps</c> (spec 02 §2.1, §2.14).</summary>
internal sealed partial class SweepsApi(PackLibrary packs, ModelStore models, SweepStarting start)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/sweeps", CreateAsync);

    private async Task<IResult> CreateAsync(HttpContext context, CancellationToken ct)
    {
        JsonNode? body = await Bodies.JsonAsync(context.Request, ct);
        SweepRequest request = SweepRequest.Parse(body).Value;
        ModelRecord model = await ModelsApi.FindAsync(models, request.ModelId, ct);
        ModelConfig config = await models.LoadAsync(model.UserId, model.Id, ct);
        Pack pack = packs.Load(config.PackReference);
        ISessionCalendar calendar = Instrument.Of(Symbol.Parse(config.Instrument.Ticker)).Calendar;
        ParseResult<SweepPlan> planned = SweepPlan.Of(request, pack, config, PlanOf(context.User), calendar);
        if (!planned.IsOk)
        {
            return new Refusal(planned.Problems);
        }

        SweepPlan plan = planned.Value;
        string id = await start(model, body!, plan, context.User.FindFirstValue(ClaimTypes.NameIdentifier)!, ct);
        return Answers.Json(
            new
            {
                SweepId = id,
                Status = "queued",
                TotalCombinations = plan.ComboIds.Count,
                GridSize = plan.Grid.Size,
                plan.Cap,
                Warnings = plan.Warnings.Select(w => new { w.Code, w.Message, w.Where, w.Remedy }),
            }, StatusCodes.Status202Accepted);
    }

    private static Plan PlanOf(ClaimsPrincipal user) => EnumWords<Plan>.Words[user.FindFirstValue(SessionAuthentication.PlanClaim)!];

    // A refused grid says its size and the cap as numbers, so that a caller need not read them out of a sentence.
    private sealed partial class Refusal(IReadOnlyList<Problem> problems) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            JsonObject members = [];
            if (problems.FirstOrDefault(p => p.Code == "SWS-1003") is { Where: { } where })
            {
                foreach (Match match in NamedNumber().Matches(where))
                {
                    members[match.Groups["name"].Value] = long.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture);
                }
            }

            return Answers.Refuse(context, Answers.StatusOf(problems[0]), problems, members);
        }

        [GeneratedRegex("(?<name>[a-z_]+)=(?<value>[0-9]+)")]
        private static partial Regex NamedNumber();
    }
}
