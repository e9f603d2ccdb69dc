using System.Collections.Concurrent;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>The combos of a sweep as its engine takes them: configs, the distinct signal sets, and the first bar that may decide.</summary>
internal sealed class SweepCombos
{
    private const int CombosInARow = 512;

    private SweepCombos(IReadOnlyList<EffectiveConfig> configs, IReadOnlyList<SignalSet> signals, ComboWork[] work, int start, SweepConfidences confidences)
    {
        Configs = configs;
        Signals = signals;
        Work = work;
        Start = start;
        Confidences = confidences;
    }

    /// <summary>The effective configs in the order of their ids.</summary>
    public IReadOnlyList<EffectiveConfig> Configs { get; }

    /// <summary>The distinct signal sets.</summary>
    public IReadOnlyList<SignalSet> Signals { get; }

    /// <summary>The combos for the engine, in the order of <see cref="Configs"/>.</summary>
    public ComboWork[] Work { get; }

    /// <summary>First bar at which each combo's own set has a confidence, in the order of <see cref="Configs"/>: the trial ledger counts from there,
    /// so that what stands beside a combo in its sweep does not change its trial.</summary>
    public int[] OwnStart { get; private init; } = [];

    /// <summary>First bar at which every set has a confidence: metrics of all combos start here, so that none is charged idle time.</summary>
    public int Start { get; }

    /// <summary>The distinct confidence columns; none where the pack uses none.</summary>
    public SweepConfidences Confidences { get; }

    /// <summary>Works out indicators, rules, confidence and signals, each once per distinct set of parameters.</summary>
    /// <exception cref="ProblemException">SWS-2001: no bar of the selection window has a confidence in every set.</exception>
    public static SweepCombos Prepare(SweepPlan plan, SweepInputs inputs, IConfidenceSource confidence, int threads, CancellationToken ct)
    {
        EffectiveConfig[] configs = plan.Configs(threads);
        return Prepare(configs, inputs, SweepConfidences.Compute(configs, inputs, confidence, plan.Request.Seed, threads, null, ct), threads, ct);
    }

    /// <summary>Decides entries and exits of configs with their confidences; the result does not depend on the number of threads.</summary>
    /// <exception cref="ProblemException">SWS-2001: no bar of the selection window has a confidence in every set.</exception>
    public static SweepCombos Prepare(IReadOnlyList<EffectiveConfig> configs, SweepInputs inputs, SweepConfidences confidences, int threads, CancellationToken ct)
    {
        ModelBars bars = inputs.Bars;
        SweepWindow window = inputs.Window;
        var indexOf = new Dictionary<(string, ConfidenceColumn?, double?, HourSet), int>();
        List<(EffectiveConfig Config, ConfidenceColumn? Column)> distinct = [];
        int[] setOf = new int[configs.Count], ownStart = new int[configs.Count];
        EffectiveConfig? before = null;
        ConfidenceColumn? columnBefore = null;
        int index = -1, first = window.From;
        for (int i = 0; i < setOf.Length; i++)
        {
            EffectiveConfig config = configs[i];
            ConfidenceColumn? column = confidences.Of(config);

            // Neighbours in a grid mostly differ in barriers alone.
            if (before is null || !ReferenceEquals(column, columnBefore) || !ReferenceEquals(config.IndicatorKey, before.IndicatorKey)
                || config.Threshold != before.Threshold || config.AllowedHours != before.AllowedHours)
            {
                ct.ThrowIfCancellationRequested();
                var key = (config.IndicatorKey, column, config.Threshold, config.AllowedHours);
                if (!indexOf.TryGetValue(key, out index))
                {
                    indexOf[key] = index = distinct.Count;
                    distinct.Add((config, column));
                }

                first = column?.FirstBar(window.From, window.To) ?? window.From;
                (before, columnBefore) = (config, column);
            }

            setOf[i] = index;
            ownStart[i] = first;
        }

        // Rules first, as many sets rest on each.
        EffectiveConfig[] ruled = [.. distinct.Select(d => d.Config).DistinctBy(c => c.IndicatorKey)];
        SharedLoop.Run(ruled.Length, threads, i => bars.Rules(ruled[i]), ct);
        var signals = new SignalSet[distinct.Count];
        SharedLoop.Run(signals.Length, threads, i => signals[i] = bars.Signals(distinct[i].Config, distinct[i].Column), ct);

        var work = new ComboWork[setOf.Length];
        var known = new ConcurrentDictionary<Barriers, Barriers>();
        SharedLoop.Run(
            work.Length, CombosInARow, threads,
            i =>
            {
                Barriers barriers = ModelBars.BarriersOf(configs[i]);
                work[i] = new(setOf[i], known.GetOrAdd(barriers, barriers), bars.SizeOf(configs[i]));
            },
            ct);

        int start = confidences.Columns.Count == 0 ? window.From : confidences.Columns.Values.Max(c => c.FirstBar(window.From, window.To));
        return start < window.To
            ? new(configs, signals, work, start, confidences) { OwnStart = ownStart }
            : throw new ProblemException("SWS-2001", "No bar of the selection window has a confidence: the range is shorter than the indicators' warm-up.", "date_range",
                "Start the range later than the first stored bars, or give a longer one.", ExitCode.DataRefused);
    }
}
