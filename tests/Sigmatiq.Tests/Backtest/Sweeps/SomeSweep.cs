using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Calendars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Sweeps;

/// <summary>Sweeps on the synthetic market of which a test says only what matters.</summary>
internal static class SomeSweep
{
    public const string Snapshot = "5f0000000000000000000000000000000000000000000000000000000000005f";

    public static readonly ModelConfig Model =
        ModelBuilder.Build(ModelBuilder.Default(SomePack.Swing, "MKT.SYN", "operator", []), SomePack.Swing, SomePack.CreatedAt).Value.Config;

    private static readonly Lazy<BarColumns> Hours = new(() => MarketSimulator.Default.Bars(Symbol.Parse("MKT.SYN"), Interval.Hour1, null, new(2021, 12, 31)));

    /// <summary>Four years of hourly bars of the synthetic market.</summary>
    public static BarColumns Bars => Hours.Value;

    public static SweepRequest Simple => SweepRequest.Simple(Model.Id, new(2019, 1, 2), new(2021, 12, 31));

    public static SweepWork Work(SweepRequest? request = null, ModelConfig? model = null, Pack? pack = null, BarColumns? bars = null) => new(
        SweepPlan.Of(request ?? Simple, pack ?? SomePack.Swing, model ?? Model, Plan.Unlimited, NyseCalendar.Instance).Value, bars ?? Bars, NyseCalendar.Instance,
        Snapshot, "simulator-1");

    /// <summary>A custom sweep over the given lists.</summary>
    public static SweepRequest Custom(string parameters, string more = "") => SweepRequest.Parse(JsonNode.Parse(
        $$"""
        { "model_id": "{{Model.Id}}", "sweep_type": "custom", "date_range": {"start": "2019-01-02", "end": "2021-12-31"}, "parameters": {{parameters}} {{more}} }
        """)).Value;

    public static SweepResult Run(SweepWork work, int threads = 1) => new SweepRunner(new Clock()).Run(work, threads, null, TestContext.Current.CancellationToken);

    /// <summary>A clock that goes on by a second whenever it is read.</summary>
    public sealed class Clock(DateTimeOffset? start = null) : TimeProvider
    {
        private long ticks = (start ?? new(2024, 1, 15, 10, 30, 0, TimeSpan.Zero)).UtcTicks;

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Add(ref ticks, TimeSpan.TicksPerSecond), TimeSpan.Zero);
    }

    /// <summary>A clock that stands.</summary>
    public sealed class StoppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2024, 1, 15, 10, 30, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
