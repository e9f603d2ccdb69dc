using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Everything a sweep is made from: a checked plan, the bars it may use and where they come from.</summary>
/// <param name="Plan">Request, pack, model and combos.</param>
/// <param name="Bars">Stored bars of the model's instrument, warm-up before the range included.</param>
/// <param name="Calendar">Sessions of the exchange.</param>
/// <param name="DataSnapshotId">Hash of the bars.</param>
/// <param name="DataSourceVersion">Version of where they come from.</param>
/// <param name="LastSession">Bars of later sessions are not seen; null for all.</param>
public sealed record SweepWork(
    SweepPlan Plan, BarColumns Bars, ISessionCalendar Calendar, string DataSnapshotId, string DataSourceVersion, DateOnly? LastSession = null)
{
    /// <summary>What its trials count against.</summary>
    public Hypothesis Hypothesis => Hypothesis.Of(Plan.Pack, Plan.Model);

    /// <summary>Refuses a sweep that its bars do not carry, before there is one.</summary>
    /// <returns>Bars that its combos run over, warm-up included.</returns>
    /// <exception cref="Store.Errors.ProblemException">SWS-2001, SWS-2002, SWS-2003: as <see cref="SweepInputs.Prepare(SweepWork)"/>.</exception>
    public int RequireBars() => SweepInputs.Prepare(this).Window.To;

    /// <summary>Whether the simulator made the bars.</summary>
    public bool IsSynthetic => Bars.Symbol.IsSynthetic;

    /// <summary>Equal for two sweeps that must give the same result (02 §2.13): request, combos, model, pack, data, engine.</summary>
    public ContentHash Hash
    {
        get
        {
            // The head of a model's config is names and times; its id stands in the request.
            JsonObject model = Plan.Model.ToJson();
            model.Remove("model");

            // A tag is a word to find the sweep by.
            JsonObject request = Plan.Request.ToJson();
            request.Remove("tag");
            return ContentHash.OfJson(new JsonObject
            {
                ["request"] = request,
                ["combos"] = Plan.ComboIds.Count,
                ["refine_budget"] = Plan.RefineBudget,
                ["user"] = Plan.Model.UserId,
                ["model"] = model,
                ["pack_hash"] = Plan.Pack.Hash.Hex,
                ["data_snapshot_id"] = DataSnapshotId,
                ["last_session"] = LastSession?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                ["engine_version"] = EngineOptions.EngineVersion,
            });
        }
    }
}
