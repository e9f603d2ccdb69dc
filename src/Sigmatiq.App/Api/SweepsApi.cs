using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Sweeps;
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
/// <param name="userPlan">The plan of who asks.</param>
/// <param name="requestedBy">Who asks.</param>
/// <param name="ct">Cancels before the request is written.</param>
/// <returns>The sweep, new or the earlier one of the same request.</returns>
public delegate Task<SweepBegun> SweepStarting(ModelRecord model, JsonObject request, SweepPlan plan, Plan userPlan, string requestedBy, CancellationToken ct);

/// <summary>Ends the run behind a piece of work, see <see cref="WorkRequests.CancelAsync"/>.</summary>
public delegate Task WorkCancelling(string workflow, string parameter, string id, string by, CancellationToken ct);

/// <summary>A sweep as it stands for whoever looks, see <see cref="SweepJobs.SeenAsync"/>.</summary>
public delegate Task<SweepRecord> SweepSeeing(SweepRecord record, CancellationToken ct);

/// <summary>Keeps what a cancelled sweep had evaluated, see <see cref="SweepJobs.KeepCancelledAsync"/>.</summary>
public delegate Task PartKeeping(string sweepId, CancellationToken ct);

/// <summary>Puts beside a sweep's leaderboard what the store knows now.</summary>
public delegate Task<JudgedLeaderboard> SweepJudging(StoredSweep sweep, CancellationToken ct);

/// <summary><c>/sweeps</c> (spec 02 §2.1, §2.14).</summary>
internal sealed partial class SweepsApi(
    PackLibrary packs, ModelStore models, SweepStore sweeps, SweepStarting start, WorkCancelling cancel, PartKeeping keep, SweepJudging judge, SweepSeeing seen)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sweeps", CreateAsync)
            .Operation("createSweep", "sweeps", "Asks for a sweep; the same request gets the earlier sweep").Body<SweepAsked>().Produces<SweepQueued>(StatusCodes.Status202Accepted).Needs(Right.Run);
        routes.MapGet("/sweeps", ListAsync)
            .Operation("listSweeps", "sweeps", "Lists sweeps, newest first").Takes("tag", "Only sweeps with this tag.").Takes("model", "Only sweeps of this model.").Needs(Right.Read);
        routes.MapGet("/sweeps/{id}", async (string id, CancellationToken ct) => new Answer<SweepShown>((await seen(await sweeps.FindAsync(id, ct), ct)).ToJson()))
            .Operation("getSweep", "sweeps", "A sweep with its progress").Needs(Right.Read);
        routes.MapGet("/sweeps/{id}/results", async (string id, CancellationToken ct) => new Answer<SweepResults>((await judge(await sweeps.LoadAsync(id, ct), ct)).ToJson()))
            .Operation("getSweepResults", "sweeps", "The leaderboard of a sweep, row by row", "Sweeps of many combos are read by column: /sweeps/{id}/leaderboard.").Needs(Right.Read);
        routes.MapGet("/sweeps/{id}/combos/{combo:int}", async (string id, int combo, CancellationToken ct) => new Answer<ComboShown>((await sweeps.LoadComboAsync(id, combo, ct)).ResultJson(combo)))
            .Operation("getCombo", "sweeps", "The result of one combo").Needs(Right.Read);
        routes.MapGet("/sweeps/{id}/log", async (string id, CancellationToken ct) => new Answer<IReadOnlyList<SweepLogLine>>((await sweeps.FindAsync(id, ct)).Log.Select(e => e.ToJson())))
            .Operation("listSweepLog", "sweeps", "What a sweep did, oldest first").Needs(Right.Read);
        routes.MapPatch("/sweeps/{id}/results/{combo:int}", TickAsync).Operation("tickCombo", "sweeps", "Ticks a combo for training, or takes the tick away").Body<ComboTick>().Needs(Right.Run);
        routes.MapDelete("/sweeps/{id}", CancelAsync).Operation("cancelSweep", "sweeps", "Ends a sweep; what it had evaluated stays").Needs(Right.Run);
    }

    private async Task<IResult> CreateAsync(HttpContext context, CancellationToken ct)
    {
        JsonNode? body = await Bodies.JsonAsync(context.Request, ct);
        SweepRequest request = SweepRequest.Parse(body).Value; // an object, or it would have been refused
        ModelRecord model = await ModelsApi.FindAsync(models, request.ModelId, ct);
        ModelConfig config = await models.LoadAsync(model.UserId, model.Id, ct);
        Pack pack = packs.LoadUsable(config.PackReference);
        ISessionCalendar calendar = Instrument.Of(Symbol.Parse(config.Instrument.Ticker)).Calendar;
        ParseResult<SweepPlan> planned = SweepPlan.Of(request, pack, config, PlanOf(context.User), calendar);
        if (!planned.IsOk)
        {
            return new Refusal(planned.Problems);
        }

        SweepPlan plan = planned.Value;
        SweepBegun begun = await start(model, body!.AsObject(), plan, PlanOf(context.User), UserOf(context), ct);
        return new Accepted<SweepQueued>(new SweepQueued(begun.SweepId, begun.Status, plan.Total, plan.Grid.Size, plan.Cap, [.. plan.Warnings.Select(Answers.LineOf)]));
    }

    private async Task<Answer<IReadOnlyList<SweepShown>>> ListAsync(string? tag, string? model, CancellationToken ct)
    {
        List<JsonObject> all = [];
        foreach (SweepRecord sweep in await sweeps.ListAsync(tag, model, ct))
        {
            all.Add((await seen(sweep, ct)).ToJson());
        }

        return new(all);
    }

    private async Task<Answer<ComboShown>> TickAsync(HttpContext context, string id, int combo, CancellationToken ct)
    {
        JsonNode? body = await Bodies.JsonAsync(context.Request, ct);
        bool isOn = body.Truth("selection_checkbox")
            ?? throw new ProblemException("APP-2014", "'selection_checkbox' must be true or false.", "selection_checkbox", exit: ExitCode.BadUsage);
        await sweeps.SelectAsync(id, combo, isOn, ct);
        return new((await sweeps.LoadComboAsync(id, combo, ct)).ResultJson(combo));
    }

    // Partial results stay; a sweep that has ended stays as it is.
    private async Task<Answer<SweepShown>> CancelAsync(HttpContext context, string id, CancellationToken ct)
    {
        if (await sweeps.CancelAsync(id, UserOf(context), ct))
        {
            await cancel("sweep", "sweep", id, UserOf(context), ct);
            await keep(id, ct);
        }

        return new((await sweeps.FindAsync(id, ct)).ToJson());
    }

    private static string UserOf(HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier)!;

    private static Plan PlanOf(ClaimsPrincipal user) => EnumWords<Plan>.Words[user.FindFirstValue(SessionAuthentication.PlanClaim)!];

    // A refused grid says its size and the cap as numbers, so that a caller need not read them out of a sentence.
    private sealed partial class Refusal(IReadOnlyList<Problem> problems) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            Dictionary<string, long> numbers = problems.FirstOrDefault(p => p.Code == "SWS-1003") is not { Where: { } where } ? []
                : NamedNumber().Matches(where).ToDictionary(m => m.Groups["name"].Value, m => long.Parse(m.Groups["value"].Value, CultureInfo.InvariantCulture));
            long? Named(string name) => numbers.TryGetValue(name, out long number) ? number : null;
            return Answers.Refuse(context, Answers.StatusOf(problems[0]), problems, Named("grid_size"), Named("cap"));
        }

        [GeneratedRegex("(?<name>[a-z_]+)=(?<value>[0-9]+)")]
        private static partial Regex NamedNumber();
    }
}
