using Sigmatiq.Backtest.Fills;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Brings together what a sweep needs from packs, models and bars.</summary>
public sealed class SweepWorks(PackLibrary packs, ModelStore models, BarStore bars)
{
    /// <summary>Checks a request and reads its bars.</summary>
    /// <param name="request">The request.</param>
    /// <param name="userId">Whose model.</param>
    /// <param name="plan">The user's plan.</param>
    /// <param name="snapshot">Which bars; null for the newest of the model's ticker.</param>
    /// <param name="lastSession">Bars of later sessions are not seen; null for all.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="ProblemException">MDL-1009: no such model. MDL-1011, PCK-1009: its pack is out of use, or its files changed. SWS-1001 to SWS-1004, SWS-2003: the request is refused. MKT-4001, MKT-4002: no bars.</exception>
    public async Task<SweepWork> PrepareAsync(
        SweepRequest request, string userId, Plan plan, ContentHash? snapshot, DateOnly? lastSession, CancellationToken ct)
    {
        SweepPlan checkedPlan = await PlanAsync(request, userId, plan, ct);
        BarSnapshot meant = snapshot is { } id
            ? await bars.FindAsync(id, ct)
            : await bars.RequireAsync(Symbol.Parse(checkedPlan.Model.Instrument.Ticker), checkedPlan.Pack.Policies.Engine.Interval, ct);
        return new(checkedPlan, bars.Read(meant.Id, ct), CalendarOf(checkedPlan.Model), meant.Id.Hex, meant.SourceVersion, lastSession);
    }

    /// <summary>The work of a sweep that was asked for, made again.</summary>
    /// <exception cref="ProblemException">SWS-3003: there is no such sweep. SWS-3004: model, pack or program give other work now.</exception>
    public async Task<SweepWork> OfAsync(string sweepId, SweepStore sweeps, CancellationToken ct)
    {
        AskedSweep asked = await sweeps.AskedAsync(sweepId, ct);
        SweepWork work = await PrepareAsync(asked.Request, asked.UserId, asked.Plan, asked.Snapshot, asked.LastSession, ct);
        return work.Hash.Hex == asked.WorkHash
            ? work
            : throw new ProblemException("SWS-3004", $"Model, pack or program have changed since {sweepId} was asked for; this program's engine is {EngineOptions.EngineVersion}.", sweepId,
                "Ask for a new sweep, or let the program that it was asked of go on with it.");
    }

    /// <summary>The plan of a sweep that was asked for, made again without its bars.</summary>
    /// <exception cref="ProblemException">SWS-3003: there is no such sweep. MDL-1009, MDL-1011, PCK-1009: model or pack are gone.</exception>
    public async Task<SweepPlan> PlanOfAsync(string sweepId, SweepStore sweeps, CancellationToken ct)
    {
        AskedSweep asked = await sweeps.AskedAsync(sweepId, ct);
        return await PlanAsync(asked.Request, asked.UserId, asked.Plan, ct);
    }

    /// <summary>Checks a request against its model, pack and plan, without bars.</summary>
    /// <exception cref="ProblemException">MDL-1009: no such model. MDL-1011, PCK-1009: its pack is out of use, or its files changed. SWS-1001 to SWS-1004, SWS-2003: the request is refused.</exception>
    public async Task<SweepPlan> PlanAsync(SweepRequest request, string userId, Plan plan, CancellationToken ct)
    {
        ModelConfig model = await models.LoadAsync(userId, request.ModelId, ct);
        ModelRecord record = (await models.FindAsync(userId, request.ModelId, ct))!;
        Pack pack = PackLibrary.Pinned(packs.LoadUsable(model.PackReference), record.PackHash);
        return SweepPlan.Of(request, pack, model, plan, CalendarOf(model)).Value;
    }

    private static ISessionCalendar CalendarOf(ModelConfig model) => Instrument.Of(Symbol.Parse(model.Instrument.Ticker)).Calendar;
}
