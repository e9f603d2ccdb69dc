using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Learning;

/// <summary>A combo of a stored sweep with everything that trained on, judged and deployed it: the sweep's own pack, model, bars and
/// window, found by the ids it is pinned to.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Combo">The combo as the sweep left it.</param>
/// <param name="Pack">The sweep's pack.</param>
/// <param name="Config">The combo's effective config.</param>
/// <param name="Limits">The quality gates it was held to.</param>
/// <param name="Inputs">The sweep's bars with selection window and hold-out.</param>
/// <param name="Calendar">Sessions of the exchange.</param>
/// <param name="Training">The combo on those bars.</param>
public sealed record SweptCombo(
    StoredSweep Sweep, StoredCombo Combo, Pack Pack, EffectiveConfig Config, QualityGates Limits, SweepInputs Inputs, ISessionCalendar Calendar,
    ComboTraining Training)
{
    /// <summary>What the gates said on the selection window.</summary>
    public GateStatus Gate => Combo.Row.Gate;

    /// <summary>Its metrics on the selection window.</summary>
    public MetricSet Selection { get; } = MetricSet.Parse(Combo.Metrics);

    /// <summary>What looks at its hold-out are numbered on.</summary>
    public string HoldoutId => HoldoutLooks.IdOf(Sweep.DataSnapshotId, Sweep.Span.HoldoutFirstUtcUs ?? 0, Sweep.Span.HoldoutLastUtcUs ?? 0);

    /// <summary>The plan to train it.</summary>
    /// <param name="parameters">How to fit, validate and calibrate.</param>
    /// <param name="isEvidenceOnly">Whether a combo that failed its gates may be trained for evidence.</param>
    public TrainingPlan Plan(TrainingParameters parameters, bool isEvidenceOnly) => Training.Plan(
        Sweep.SweepId, Combo.Row.Rank, Gate, Selection, Inputs.Window, HoldoutRule.Of(Sweep.Request.HoldoutShare), Combo.Row.ConfigHash, Sweep.DataSnapshotId,
        parameters, isEvidenceOnly) with { CountedWith = Sweep };
}

/// <summary>Finds combos of stored sweeps with all that belongs to them.</summary>
public sealed class SweptCombos(SweepStore sweeps, PackLibrary packs, ModelStore models, BarStore bars)
{
    /// <summary>Loads a combo.</summary>
    /// <exception cref="Sigmatiq.Store.Errors.ProblemException">SWS-3001, SWS-3003: no such sweep or combo. SWS-3004: pack or bars are not
    /// those of the sweep. MDL-1001, MDL-1009: pack or model are gone. STO-3001 to STO-3004: the bars are damaged.</exception>
    public async Task<SweptCombo> LoadAsync(string sweepId, int comboId, CancellationToken ct)
    {
        StoredSweep sweep = await sweeps.LoadAsync(sweepId, ct);
        StoredCombo combo = sweep.Combo(comboId);
        Pack pack = packs.Load(sweep.Pack);
        ModelConfig model = await models.LoadOnAsync(sweep.UserId, sweep.ModelId, sweep.Pack, ct);
        ISessionCalendar calendar = Instrument.Of(Symbol.Parse(model.Instrument.Ticker)).Calendar;
        BarColumns columns = bars.Read(ContentHash.Parse(sweep.DataSnapshotId), ct);
        SweepInputs inputs = SweepInputs.Rebuild(sweep, pack, model, columns, calendar);
        EffectiveConfig config = sweep.ConfigOf(comboId, pack, model, calendar);
        QualityGates limits = SweepPlan.Of(sweep.Request, pack, model, Plan.Unlimited, calendar).Value.Gates;
        return new(sweep, combo, pack, config, limits, inputs, calendar, ComboTraining.OnWindow(pack, model, config, columns, calendar, inputs.Window));
    }
}
