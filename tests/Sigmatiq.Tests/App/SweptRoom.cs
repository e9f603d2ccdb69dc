using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs.Grid;

namespace Sigmatiq.Tests.App;

/// <summary>A served room with hours of the synthetic market, a model, and a sweep of 30 combos by its rules.</summary>
internal sealed class SweptRoom : IAsyncDisposable
{
    private SweptRoom(ServedRoom room, HttpClient browser, StoredSweep sweep) => (Room, Browser, Sweep) = (room, browser, sweep);

    public ServedRoom Room { get; }

    public HttpClient Browser { get; }

    public StoredSweep Sweep { get; }

    public static async Task<SweptRoom> StartAsync(CancellationToken ct, string? metricsToken = null)
    {
        ServedRoom room = await ServedRoom.StartAsync(ct, metricsToken: metricsToken);
        HttpClient browser = await room.Running.SignedInAsync(ct);
        await room.Platform.Align.AlignAsync(Symbol.Parse("MKT.SYN"), Interval.Hour1, new(2022, 1, 4, 0, 0, 0, TimeSpan.Zero), ct);
        using HttpResponseMessage made = await browser.PostAsJsonAsync("/api/models", new
        {
            model_id = "syn", pack_id = "swingsigma", user_id = "operator", name = "Synthetic swing", instrument = "stocks", ticker = "MKT.SYN", strategy_id = "momentum_swing",
            selected_indicators = new[] { "rsi", "macd", "adx", "ema_20", "ema_50", "bollinger_bands", "volume_ma" },
            selected_features = new[] { "rsi_divergence", "macd_cross", "trend_strength", "volume_surge", "momentum_composite" },
        }, ct);
        made.EnsureSuccessStatusCode();
        SweepRequest request = SweepRequest.Parse(JsonNode.Parse("""
            { "model_id": "syn", "sweep_type": "custom", "date_range": {"start": "2019-01-02", "end": "2021-12-31"}, "confidence": "rule", "holdout": 0.2, "detail": "all",
              "parameters": { "thresholds": [0.4, 0.5, 0.6], "position_size_pct": [1, 2], "stop_loss_pct": [3, 4, 5, 6, 8] } }
            """)).Value;
        SweepWork work = await room.Platform.SweepWorks.PrepareAsync(request, "operator", Plan.Unlimited, snapshot: null, lastSession: null, ct);
        return new(room, browser, await room.Platform.Sweeps.RunAsync(work, "operator", force: false, threads: 1, progress: null, ct));
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Room.DisposeAsync();
    }
}
