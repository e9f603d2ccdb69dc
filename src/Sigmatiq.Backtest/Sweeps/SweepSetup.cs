using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Metrics;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>What the combos of a sweep share: bars, confidence, signals, the window of the metrics, and the chunks they are evaluated in.
/// Made before the first combo; the second phase reads it only.</summary>
public sealed class SweepSetup
{
    private readonly SweepCombos combos;
    private readonly SweepEngine engine;
    private readonly MarkGrid days;
    private readonly Dictionary<int, int> positionOf;

    private SweepSetup(SweepWork work, SweepInputs inputs, SweepCombos combos)
    {
        Work = work;
        Inputs = inputs;
        this.combos = combos;
        ModelBars bars = inputs.Bars;
        engine = new(bars.Fills, bars.Options, combos.Start, inputs.Window.To);
        days = new(bars.Fills, ReturnSeries.Day, combos.Start, inputs.Window.To);
        Days = [.. Enumerable.Range(0, days.Count).Select(days.Date)];
        Chunks = SweepChunks.Cut(combos.Work, work.Plan.Request);
        positionOf = Enumerable.Range(0, combos.Configs.Count).ToDictionary(i => combos.Configs[i].Combo.Id);
    }

    /// <summary>What was asked for.</summary>
    public SweepWork Work { get; }

    /// <summary>Bars and window.</summary>
    public SweepInputs Inputs { get; }

    /// <summary>First bar of the metrics: the first at which every set has a confidence.</summary>
    public int Start => combos.Start;

    /// <summary><c>rule</c>, <c>classifier</c>, or <c>none</c> where rules alone decide.</summary>
    public string ScoreSource => combos.Confidences.Source;

    /// <summary>What is known of the confidence's skill, or null.</summary>
    public JsonObject? Skill => combos.Confidences.Skill;

    /// <summary>Whether a classifier was asked for and had too little data.</summary>
    public bool FellBack => combos.Confidences.FellBack;

    /// <summary>The dates of the daily returns, shape [days].</summary>
    public DateOnly[] Days { get; }

    /// <summary>How many combos there are.</summary>
    public int Count => combos.Work.Length;

    /// <summary>The chunks in the order of evaluation; positions in the list of combos.</summary>
    internal IReadOnlyList<int[]> Chunks { get; private init; }

    /// <summary>The first phase: indicators, rules, confidence and signals, each once per distinct set of parameters.</summary>
    /// <param name="work">What was asked for.</param>
    /// <param name="inputs">Bars and window.</param>
    /// <param name="confidence">Where confidences come from.</param>
    /// <param name="threads">Columns worked out at a time; the result does not depend on it.</param>
    /// <param name="finished">Told how many columns of how many are finished, from any thread; null if nobody asks.</param>
    /// <param name="ct">Stops the work.</param>
    /// <exception cref="ProblemException">SWS-2001: no bar of the selection window has a confidence in every set.</exception>
    internal static SweepSetup Prepare(
        SweepWork work, SweepInputs inputs, IConfidenceSource confidence, int threads, Action<int, int>? finished, CancellationToken ct)
    {
        EffectiveConfig[] configs = work.Plan.Configs(threads);
        SweepConfidences confidences = SweepConfidences.Compute(configs, inputs, confidence, work.Plan.Request.Seed, threads, finished, ct);
        return new(work, inputs, SweepCombos.Prepare(configs, inputs, confidences, threads, ct));
    }

    /// <summary>The same sweep with further combos, which its chunks are then: their confidences are there, so nothing else changes.</summary>
    internal SweepSetup With(IReadOnlyList<int> comboIds, CancellationToken ct)
    {
        SweepPlan plan = Work.Plan;
        EffectiveConfig[] configs = [.. combos.Configs, .. comboIds.Select(id => ResolverOf(plan).Resolve(plan.Grid.Combo(id)))];
        SweepCombos more = SweepCombos.Prepare(configs, Inputs, combos.Confidences, threads: 1, ct);
        int from = combos.Configs.Count;
        return new(Work, Inputs, more) { Chunks = [.. SweepChunks.Cut([.. more.Work.Skip(from)]).Select(c => c.Select(i => from + i).ToArray())] };
    }

    /// <summary>Whether the confidence of a combo that is not evaluated is there.</summary>
    internal bool HasConfidenceOf(int comboId) => combos.Confidences.Knows(ResolverOf(Work.Plan).Resolve(Work.Plan.Grid.Combo(comboId)));

    private static ComboResolver ResolverOf(SweepPlan plan) => new(plan.Pack, plan.Model, plan.SessionHours, plan.Request.Confidence);

    /// <summary>The config of a combo.</summary>
    internal EffectiveConfig ConfigOf(int comboId) => combos.Configs[positionOf[comboId]];

    /// <summary>Ids of the combos of a chunk.</summary>
    internal int[] IdsOf(int[] chunk) => [.. chunk.Select(i => combos.Configs[i].Combo.Id)];

    /// <summary>The second phase for one chunk: walks its distinct paths and measures each combo.</summary>
    /// <param name="chunk">Positions in the list of combos.</param>
    /// <param name="threads">Threads to use, at least 1; the figures do not depend on it.</param>
    /// <param name="measured">Told after each combo, from any thread.</param>
    /// <param name="ct">Stops between combos.</param>
    /// <returns>The figures in the order of the chunk.</returns>
    internal ComboFigures[] Evaluate(int[] chunk, int threads, Action? measured, CancellationToken ct)
    {
        ModelBars bars = Inputs.Bars;
        ComboWork[] work = [.. chunk.Select(i => combos.Work[i])];
        SweepOutcome outcome = engine.Run(combos.Signals, work, threads, null, ct);
        var figures = new ComboFigures[chunk.Length];
        void Take(int k)
        {
            EffectiveConfig config = combos.Configs[chunk[k]];
            var run = new BacktestRun(bars.Fills, bars.Options, combos.Signals[work[k].SignalSet], work[k].Barriers, work[k].Size, Start, Inputs.Window.To);
            AccountPath account = AccountPath.Run(run.Bars, run.Signals, run.Barriers.Effective(), run.Options, outcome.Paths[k], run.Size, run.From, run.To);
            BacktestResult result = BacktestResult.Of(bars.Fills, bars.Options, account, engine.Marks, riskFree: 0, outcome.Scores[k]);
            figures[k] = new(
                config.Combo.Id, bars.ConfigHash(config).Hex, BehaviourKey.Of(account.Path), result.Metrics,
                RobustFigures.Of(run, result, combos.OwnStart[chunk[k]])) { DailyReturns = ReturnsOf(account, result) };
            measured?.Invoke();
        }

        SharedLoop.Run(chunk.Length, threads, Take, ct);
        return figures;
    }

    /// <summary>Trades and money of a combo, walked again: cheaper than keeping them for every combo of a large sweep.</summary>
    internal AccountPath AccountOf(int comboId)
    {
        ComboWork work = combos.Work[positionOf[comboId]];
        ModelBars bars = Inputs.Bars;
        SignalSet signals = combos.Signals[work.SignalSet];
        Barriers barriers = work.Barriers.Effective();
        TradePath path = PathFinder.Find(bars.Fills, signals, barriers, bars.Options, Start, Inputs.Window.To);
        return AccountPath.Run(bars.Fills, signals, barriers, bars.Options, path, work.Size, Start, Inputs.Window.To);
    }

    private double[] ReturnsOf(AccountPath account, BacktestResult run)
    {
        double[] equity = run.Marks.By == ReturnSeries.Day ? run.Equity : EquityCurve.Of(account, days, Inputs.Bars.Options.StartingCash);
        return ReturnColumns.Between(equity);
    }
}
