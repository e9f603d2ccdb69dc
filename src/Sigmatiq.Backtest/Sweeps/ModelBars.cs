using System.Collections.Concurrent;
using Sigmatiq.Backtest.Costs;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Packs.Rules;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Bars as one model trades them: prices, rule frame, hours and execution gates, each worked out once; from a config and a
/// confidence it makes the bars on which entries and exits are decided.</summary>
/// <remarks>Indicators are computed once per distinct parameter set, rules once per distinct set of indicators. Safe for several
/// threads.</remarks>
public sealed class ModelBars
{
    private const int VolumeBars = 20;
    private readonly Pack pack;
    private readonly ModelConfig model;
    private readonly ISessionCalendar calendar;
    private readonly RuleFrame frame;
    private readonly IndicatorColumns indicators;

    // Parameters are looked up when rules are evaluated, so one program serves them all.
    private readonly Lazy<(RuleScope Scope, StrategyProgram Program)> compiled;
    private readonly ConcurrentDictionary<string, Lazy<RuleColumns>> rules = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string, ConfidenceColumn?, double?, HourSet), Lazy<SignalSet>> signals = [];
    private readonly int[] hourOf;
    private readonly bool[] admitted;
    private ConfigHasher? hasher;

    /// <summary>Prepares the bars of a model.</summary>
    /// <param name="pack">The model's pack.</param>
    /// <param name="model">The model.</param>
    /// <param name="bars">Bars of its instrument, warm-up before the window included.</param>
    /// <param name="calendar">Sessions and clock of the exchange.</param>
    public ModelBars(Pack pack, ModelConfig model, BarColumns bars, ISessionCalendar calendar)
    {
        this.pack = pack;
        this.model = model;
        this.calendar = calendar;
        Options = OptionsOf(pack, model);
        Bars = Options.Prices == PriceKind.Adjusted ? bars.Adjusted() : bars;
        Fills = FillBars.From(Bars, calendar.Zone, PriceKind.Raw);
        frame = Options.RuleFrame == RuleFrameKind.Day ? RuleFrame.OfDays(Bars, calendar) : RuleFrame.OfBars(Bars);
        indicators = new(frame);
        compiled = new(() =>
        {
            RuleScope scope = RuleScope.OfModel(pack, model);
            return (scope, StrategyProgram.Compile(model.Strategy, scope).Value);
        });
        hourOf = HoursOf(Bars, Options.Hours == HoursClock.Utc ? TimeZoneInfo.Utc : calendar.Zone);
        admitted = AdmittedBy(model.Gates.Execution, Options, Bars.Volume);
    }

    /// <summary>The bars, adjusted where the pack says so.</summary>
    public BarColumns Bars { get; }

    /// <summary>The same bars as the engine trades on them.</summary>
    public FillBars Fills { get; }

    /// <summary>The engine's options of the model.</summary>
    public EngineOptions Options { get; }

    /// <summary>The model.</summary>
    public ModelConfig Model => model;

    /// <summary>The pack.</summary>
    public Pack Pack => pack;

    /// <summary>Hour of a bar's start on the clock that admits entries; null on daily bars, which have none.</summary>
    public int? HourAt(int bar) => hourOf[bar] < 0 ? null : hourOf[bar];

    /// <summary>How many distinct indicators were computed so far.</summary>
    public int IndicatorsComputed => indicators.Computed;

    /// <summary>How many distinct signal sets were made so far.</summary>
    public int SignalSets => signals.Count;

    /// <summary>The rules under a config's indicator parameters.</summary>
    public RuleColumns Rules(EffectiveConfig config) => rules.GetOrAdd(config.IndicatorKey, _ => new(() =>
    {
        (RuleScope scope, StrategyProgram program) = compiled.Value;
        return new(program, new(frame, calendar, scope.With(config.Indicators), indicators));
    })).Value;

    /// <summary>Where a config decides: entry = all rule lines (and again on the confirmation bars) AND confidence ≥ threshold AND hour
    /// allowed AND execution gates pass, the last three on the bar that decides.</summary>
    /// <param name="config">The config.</param>
    /// <param name="confidence">Its confidence; null where the pack uses none.</param>
    public SignalSet Signals(EffectiveConfig config, ConfidenceColumn? confidence) =>
        signals.GetOrAdd((config.IndicatorKey, confidence, config.Threshold, config.AllowedHours), _ => new(() =>
        {
            RuleColumns columns = Rules(config);
            return new(Entries(config, columns.Entry, confidence?.Values), columns.ExitBars, columns.PositionExit);
        })).Value;

    /// <summary>The protective exits of a config.</summary>
    public static Barriers BarriersOf(EffectiveConfig config) =>
        new(config.StopLossPct, config.TakeProfitPct, config.TrailingStopPct, config.TimeStopDays);

    /// <summary>The size of a config: its own share, else the pack's method under the model's cap; never above the pack's risk gate.</summary>
    public PositionSize SizeOf(EffectiveConfig config)
    {
        double cap = model.Gates.Risk.MaxPositionSizePct;
        return config.PositionSizePct is { } pct
            ? new(SizingMethod.FixedPct, Math.Min(pct, cap))
            : new(pack.Policies.Sizing.Method, Math.Min(model.Risk.MaxPositionPct, cap), pack.Policies.Sizing.VolTargetPct ?? 0);
    }

    /// <summary><c>config_hash</c> of a config under this engine: every option of it is covered, costs among them.</summary>
    /// <remarks>Safe for several threads.</remarks>
    public ContentHash ConfigHash(EffectiveConfig config) =>
        LazyInitializer.EnsureInitialized(ref hasher, () => new(config, EngineOptions.EngineVersion, Options.ToJson())).Of(config);

    /// <summary>The engine's options of a model.</summary>
    public static EngineOptions OptionsOf(Pack pack, ModelConfig model) => EngineOptions.Of(pack.Policies.Engine, model.Execution, pack.Policies.Sizing.Method);

    internal static ContentHash ConfigHash(EffectiveConfig config, EngineOptions options) => config.ConfigHash(EngineOptions.EngineVersion, options.ToJson());

    private int[] Entries(EffectiveConfig config, double[] rule, double[]? confidence)
    {
        double threshold = config.Threshold ?? double.NegativeInfinity;
        int confirmations = Options.ConfirmationBars;
        List<int> bars = [];
        for (int t = confirmations; t < rule.Length; t++)
        {
            bool holds = rule[t] == 1 && admitted[t] && (hourOf[t] < 0 || config.AllowedHours.Contains(hourOf[t]))
                && (confidence is null || confidence[t] >= threshold);
            for (int k = 1; holds && k <= confirmations; k++)
            {
                holds = rule[t - k] == 1;
            }

            if (holds)
            {
                bars.Add(t);
            }
        }

        return [.. bars];
    }

    private static int[] HoursOf(BarColumns bars, TimeZoneInfo zone)
    {
        int[] hours = new int[bars.Count];
        for (int t = 0; t < hours.Length; t++)
        {
            hours[t] = bars.Interval == Interval.Day1 ? -1 : TimeZoneInfo.ConvertTime(bars.StartUtc(t), zone).Hour;
        }

        return hours;
    }

    // The spread gate stays untested without quotes (01 §1.6); the expected slippage is the one the engine charges.
    private static bool[] AdmittedBy(ExecutionGates gates, EngineOptions options, double[] volume)
    {
        bool[] admitted = new bool[volume.Length];
        if (options.SlippageBps > gates.MaxSlippageBps)
        {
            return admitted;
        }

        if (gates.MinVolume <= 0)
        {
            Array.Fill(admitted, true);
            return admitted;
        }

        for (int t = VolumeBars - 1; t < volume.Length; t++)
        {
            // Summed anew for each bar, so that one broken volume does not spoil every bar after it.
            double sum = 0;
            for (int k = t - VolumeBars + 1; k <= t; k++)
            {
                sum += volume[k];
            }

            admitted[t] = sum / VolumeBars >= gates.MinVolume;
        }

        return admitted;
    }
}
