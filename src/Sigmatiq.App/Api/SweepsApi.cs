using System.Security.Claims;
using System.Text.Json.Nodes;
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

/// <summary>Puts beside rows of a sweep's leaderboard what the store knows now.</summary>
public delegate Task<JudgedLeaderboard> SweepJudging(StoredSweep sweep, CancellationToken ct);

/// <summary><c>/sweeps</c> (spec 02 §2.1, §2.14).</summary>
internal sealed class SweepsApi(
    PackLibrary packs, ModelStore models, SweepStore sweeps, SweepStarting start, WorkCancelling cancel, PartKeeping keep, SweepJudging judge, SweepSeeing seen, LeaderboardColumns boards)
{
    private const int ListedUsually = 100;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sweeps", CreateAsync)
            .Operation("createSweep", "sweeps", "Asks for a sweep; the same request gets the earlier sweep").Body<SweepAsked>().Produces<SweepQueued>(StatusCodes.Status202Accepted).Needs(Right.Run);
        routes.MapGet("/sweeps", ListAsync)
            .Operation("listSweeps", "sweeps", "Lists sweeps, newest first").Takes("tag", "Only sweeps with this tag.").Takes("model", "Only sweeps of this model.").TakesLimit(ListedUsually).TakesCursor().Needs(Right.Read);
        routes.MapGet("/sweeps/{id}", async (string id, CancellationToken ct) => new Answer<SweepShown>(await ShownAsync(await sweeps.FindAsync(id, ct), ct)))
            .Operation("getSweep", "sweeps", "A sweep with its progress").Needs(Right.Read);
        routes.MapGet("/sweeps/{id}/results", ResultsAsync)
            .Operation("getSweepResults", "sweeps", "The leaderboard of a sweep, row by row, a page at a time", "Sweeps of many combos are read by column: /sweeps/{id}/leaderboard.")
            .TakesLimit(ListedUsually).TakesCursor().Needs(Right.Read);
        routes.MapPatch("/sweeps/{id}/results", TickAllAsync).Operation("tickCombos", "sweeps", "Ticks combos for training, or takes their ticks away, all or none").Body<CombosTick>().Needs(Right.Run);
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
        ModelRecord model = (await ModelsApi.FindAsync(models, request.ModelId, ct)).RequireInUse();
        ModelConfig config = await models.LoadAsync(model.UserId, model.Id, ct);
        Pack pack = packs.LoadUsable(config.PackReference);
        ISessionCalendar calendar = Instrument.Of(Symbol.Parse(config.Instrument.Ticker)).Calendar;
        ParseResult<SweepPlan> planned = SweepPlan.Of(request, pack, config, PlanOf(context.User), calendar);
        if (!planned.IsOk)
        {
            return new SweepRefusal(planned.Problems);
        }

        SweepPlan plan = planned.Value;
        SweepBegun begun = await start(model, body!.AsObject(), plan, PlanOf(context.User), UserOf(context), ct);
        return new Accepted<SweepQueued>(new SweepQueued(begun.SweepId, begun.Status, plan.Total, plan.Grid.Size, plan.Cap, [.. plan.Warnings.Select(Answers.LineOf)]));
    }

    private async Task<Answer<IReadOnlyList<SweepShown>>> ListAsync(HttpContext context, string? tag, string? model, ListLimit limit, PageCursor cursor, CancellationToken ct)
    {
        int most = limit.Or(ListedUsually);
        IReadOnlyList<SweepRecord> page = PageCursor.Tell(context, await sweeps.ListAsync(tag, model, cursor.After, most, ct), most, s => s.SweepId);
        IReadOnlyDictionary<string, LeaderboardRow> best = await sweeps.BestAsync([.. page.Select(s => s.SweepId)], ct);
        List<JsonObject> all = [];
        foreach (SweepRecord sweep in page)
        {
            all.Add(Shown(await seen(sweep, ct), best.GetValueOrDefault(sweep.SweepId)));
        }

        return new(all);
    }

    private async Task<JsonObject> ShownAsync(SweepRecord sweep, CancellationToken ct) =>
        Shown(await seen(sweep, ct), (await sweeps.BestAsync([sweep.SweepId], ct)).GetValueOrDefault(sweep.SweepId));

    private static JsonObject Shown(SweepRecord sweep, LeaderboardRow? best)
    {
        JsonObject json = sweep.ToJson();
        json["best"] = best is null ? null : new JsonObject
        {
            ["combo_id"] = best.ComboId, ["gate"] = best.Gate.ToString().ToUpperInvariant(), ["sharpe"] = best.Sharpe, ["sharpe_low"] = best.SharpeLow, ["sharpe_high"] = best.SharpeHigh,
            ["return"] = best.Return, ["trades"] = best.Trades,
        };
        return json;
    }

    // One page of objects; counts are of all.
    private async Task<Answer<SweepResults>> ResultsAsync(HttpContext context, string id, ListLimit limit, PageCursor cursor, CancellationToken ct)
    {
        int most = limit.Or(ListedUsually);
        StoredSweep stored = await sweeps.LoadRanksAsync(id, (int)Math.Min(cursor.Number, int.MaxValue - ListLimit.Most), most, ct);
        JudgedLeaderboard judged = await judge(stored, ct);
        PageCursor.Tell(context, judged.Rows, most, r => r.Row.Rank.ToString(System.Globalization.CultureInfo.InvariantCulture));
        JsonObject json = judged.ToJson();
        LeaderboardCounts counts = (await boards.FactsAsync(stored, ct)).Counts;
        (json["evaluated"], json["passed_gates"], json["marginal_gates"], json["failed_gates"]) = (counts.Evaluated, counts.Passed, counts.Marginal, counts.Failed);
        return new(json);
    }

    private async Task<Answer<CombosTicked>> TickAllAsync(HttpContext context, string id, CancellationToken ct)
    {
        JsonNode? body = await Bodies.JsonAsync(context.Request, ct);
        bool isOn = body.Truth("selection_checkbox")
            ?? throw new ProblemException("APP-2014", "'selection_checkbox' must be true or false.", "selection_checkbox", exit: ExitCode.BadUsage);
        int[] combos = [.. body.List("combos").Select(c => c is JsonValue value && value.TryGetValue(out int number) ? number
            : throw new ProblemException("APP-2014", $"'{c?.ToJsonString() ?? "null"}' is no combo id.", "combos", "Send whole numbers.", ExitCode.BadUsage)).Distinct()];
        if (combos.Length is 0 or > ListLimit.Most)
        {
            throw new ProblemException("APP-2014", $"'combos' names {combos.Length} combos.", "combos", $"Name 1 to {ListLimit.Most} of them.", ExitCode.BadUsage);
        }

        await sweeps.SelectAsync(id, combos, isOn, ct);
        return new(new CombosTicked(id, [.. (await sweeps.SelectedAsync(id, ct)).Order()]));
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
        context.Caller().DemandOwn((await sweeps.FindAsync(id, ct)).CreatedBy, id);
        if (await sweeps.CancelAsync(id, UserOf(context), ct))
        {
            await cancel("sweep", "sweep", id, UserOf(context), ct);
            await keep(id, ct);
        }

        return new(await ShownAsync(await sweeps.FindAsync(id, ct), ct));
    }

    private static string UserOf(HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier)!;

    private static Plan PlanOf(ClaimsPrincipal user) => EnumWords<Plan>.Words[user.FindFirstValue(SessionAuthentication.PlanClaim)!];
}
