using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>What a sweep would be, before there is one: what a model lets vary, and the plan of a request. Nothing here changes anything.</summary>
internal sealed class SweepPlansApi(PackLibrary packs, ModelStore models, SweepWorks works, SweepStore sweeps, BarStore bars)
{
    // Combos shown of each end of a plan.
    private const int ShownCombos = 3;

    private const string Basis = "0.6 ms a combo, 0.08 s and 15 µs a bar for each classifier that is fitted, a second beside: measured on one thread of 2.5 GHz with other work";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models/{id}/sweep-parameters", ParametersAsync)
            .Operation("getSweepParameters", "sweeps", "What a sweep of a model may vary", "In the order in which combos are numbered, with bounds, the model's own value, and what the caller's plan allows.").Needs(Right.Read);
        routes.MapPost("/sweeps/plan", PlanAsync)
            .Operation("planSweep", "sweeps", "What a sweep would be: exact count, first and last combos, estimate, and the earlier sweep of the same request",
                "Changes nothing. What createSweep would refuse is refused here alike.").Body<SweepAsked>().Produces<SweepPlanned>().Needs(Right.Plan);
    }

    private async Task<Answer<SweepForm>> ParametersAsync(HttpContext context, string id, CancellationToken ct)
    {
        ModelRecord record = await ModelsApi.FindAsync(models, id, ct);
        ModelConfig model = await models.LoadAsync(record.UserId, record.Id, ct);
        Pack pack = packs.LoadUsable(model.PackReference);
        Plan plan = PlanOf(context);
        Symbol symbol = Symbol.Parse(model.Instrument.Ticker);
        BarSnapshot? stored = await bars.LatestAsync(symbol, pack.Policies.Engine.Interval, ct);
        SweepRequest simple = SweepRequest.Simple(id);
        return new(new SweepForm(
            model.Id, pack.Reference, symbol.Value, pack.Policies.Engine.Interval.Text(), symbol.IsSynthetic, pack.Policies.Engine.Confidence == ConfidenceUse.Required,
            stored?.FirstStartUtc.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            stored?.LastStartUtc.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            EnumWords<Plan>.Text(plan), plan == Plan.Unlimited ? null : Plans.SimpleCap, plan.CustomCap(), plan != Plan.Free, plan is Plan.Pro or Plan.Unlimited,
            [.. ParameterRegistry.Of(pack, model).Select(p => Shown(p, ParameterBounds.Of(p, pack, model), simple))]));
    }

    private async Task<IResult> PlanAsync(HttpContext context, CancellationToken ct)
    {
        JsonNode? body = await Bodies.JsonAsync(context.Request, ct);
        ParseResult<SweepRequest> read = SweepRequest.Parse(body);
        if (!read.IsOk)
        {
            return new SweepRefusal(read.Problems);
        }

        ModelRecord model = await ModelsApi.FindAsync(models, read.Value.ModelId, ct);
        try
        {
            SweepWork work = await works.PrepareAsync(read.Value, model.UserId, PlanOf(context), snapshot: null, lastSession: null, ct);
            return Answers.Json(Planned(work, SweepInputs.Prepare(work), body.Truth("force") == true ? null : await sweeps.FindSameAsync(work, ct)));
        }
        catch (ProblemException e)
        {
            return new SweepRefusal(e.All);
        }
    }

    private static SweepPlanned Planned(SweepWork work, SweepInputs inputs, SweepRecord? same)
    {
        SweepPlan plan = work.Plan;
        SweepCost cost = SweepCost.Of(plan, inputs.Window.To);
        PlannedCombo[] Combos(IEnumerable<int> ids) => [.. ids.Select(id => new PlannedCombo(id, plan.Grid.Combo(id).ToJson()))];
        return new(
            plan.Model.Id, plan.Pack.Reference, work.Bars.Symbol.Value, work.DataSnapshotId, work.IsSynthetic, plan.Total, plan.Grid.Size, plan.Cap,
            plan.ComboIds.Count < plan.Grid.Size ? plan.ComboIds.Count : null, plan.RefineBudget, EnumWords<SweepDetail>.Text(plan.Detail),
            [.. plan.Grid.Axes.Select(a => new PlannedParameter(a.RequestKey, a.Key, a.Values.Count))],
            new(cost.IndicatorSets, cost.ConfidenceFits, cost.SignalSets, cost.Paths, Math.Round(cost.Seconds, 1), Basis),
            Combos(plan.ComboIds.Take(ShownCombos)), Combos(plan.ComboIds.Skip(Math.Max(ShownCombos, plan.ComboIds.Count - ShownCombos))),
            StoredCombos.GatesJson(plan.Gates), inputs.Window.ToJson(inputs.Bars.Fills), same is null ? null : new(same.SweepId, same.Status), [.. plan.Warnings.Select(Answers.LineOf)]);
    }

    private static SweepableParameter Shown(SweepParameter parameter, ParameterBounds? bounds, SweepRequest simple) => new(
        parameter.RequestKey, parameter.Key, parameter.IsSimple, bounds is null ? "hours" : "number", bounds?.IsWhole ?? true, bounds?.Min, bounds?.Max, bounds?.IsMinOpen ?? false,
        bounds?.AllowsNone ?? false, bounds?.Now, simple.Parameters.GetValueOrDefault(parameter.RequestKey)?.DeepClone().AsArray());

    private static Plan PlanOf(HttpContext context) => EnumWords<Plan>.Words[context.Caller().Person.Plan];
}
