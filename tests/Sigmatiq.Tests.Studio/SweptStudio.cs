using System.Text.Json.Nodes;

namespace Sigmatiq.Tests.Studio;

/// <summary>A store of its own with a model of the sample market, the simple sweep of it, and one in which no combo passes.</summary>
public sealed class SweptStudio : ServedStudio
{
    private string? viewer;

    /// <summary>The simple sweep of 45 combos.</summary>
    public string Simple { get; private set; } = "";

    /// <summary>A sweep whose gates ask too much.</summary>
    public string Failing { get; private set; } = "";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Tickers => [];

    /// <summary>A tab of somebody who may look and no more.</summary>
    public async Task<Tab> OpenAsViewerAsync(string path)
    {
        if (viewer is null)
        {
            await CommandAsync("users", "add", "vera", "--name", "Vera", "--role", "viewer", "--reason", "a test");
            viewer = await SignInAsync((await CommandAsync("users", "link", "vera", "--reason", "a test")).Trim());
        }

        return await OpenAsync(path, person: viewer);
    }

    /// <inheritdoc/>
    protected override async Task PrepareAsync(CancellationToken ct)
    {
        await CommandAsync("bootstrap");
        await CommandAsync("models", "create", "--id", "mkt_swing", "--ticker", "MKT.SYN", "--pack", "swingsigma");
        Simple = await SweepAsync("--model", "mkt_swing", "--tag", "initial sweep");
        string request = Path.Combine(Data, "request.json");
        await File.WriteAllTextAsync(request, """
            { "model_id": "mkt_swing", "sweep_type": "custom", "date_range": {"start": "2022-01-01", "end": "2023-12-31"}, "confidence": "rule", "quality_gates": {"min_trades": 500, "min_sharpe": 4},
              "parameters": { "thresholds": [0.5, 0.6], "stop_loss_pct": [3, 5] } }
            """, ct);
        Failing = await SweepAsync("--request", request);
    }

    private async Task<string> SweepAsync(params string[] args)
    {
        string told = await CommandAsync(["sweeps", "run", .. args, "--output", "json"]);
        return JsonNode.Parse(told)?["sweep_id"]?.GetValue<string>() ?? throw new InvalidOperationException(told);
    }
}

/// <summary>Tests of sweeps look at one store.</summary>
[CollectionDefinition(nameof(SweptStudio))]
public sealed class SweptCollection : ICollectionFixture<SweptStudio>;
