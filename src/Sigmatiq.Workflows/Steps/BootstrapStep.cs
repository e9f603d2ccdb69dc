using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Sources;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;

namespace Sigmatiq.Workflows.Steps;

/// <summary>Stage 0 takes nothing: what it makes ready is the same for every run.</summary>
public sealed record BootstrapInput;

/// <summary>What is ready.</summary>
/// <param name="Packs">Pack versions known by content.</param>
/// <param name="SyntheticSymbols">Symbols of the synthetic market in the store.</param>
/// <param name="Seeded">Whether this run found an empty store and made the synthetic market.</param>
public sealed record BootstrapOutput(int Packs, int SyntheticSymbols, bool Seeded);

/// <summary>Stage 0: built-in packs are published under their hash, and an empty store gets the synthetic market. A second run changes
/// nothing.</summary>
public sealed class BootstrapStep(PackLibrary library, PublishedPacks published, BarStore bars, MarketAlign align) : StepKind<BootstrapInput, BootstrapOutput>
{
    /// <inheritdoc/>
    public override string Name => "store.bootstrap";

    /// <inheritdoc/>
    public override string Summary => "Publish the built-in packs and make the synthetic market where the store is empty";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, BootstrapInput input, CancellationToken ct)
    {
        var packs = library.List();
        foreach (var (id, version) in packs)
        {
            await published.PublishAsync(library.Load($"{id}@{version}"), "system:bootstrap", ct);
        }

        IReadOnlyList<Symbol> symbols = MarketSimulator.Default.Symbols;
        IReadOnlyList<BarSnapshot> stored = await bars.ListAsync(ct);
        HashSet<Symbol> have = [.. stored.Where(s => s.IsSynthetic && s.Interval == Interval.Hour1).Select(s => s.Symbol)];

        // Imported bars do not stand for the sample: a kill half way leaves some symbols, and the next attempt makes the rest.
        Symbol[] missing = [.. symbols.Where(s => !have.Contains(s))];
        for (int i = 0; i < missing.Length; i++)
        {
            context.Report(i, missing.Length, $"making synthetic {missing[i]}");
            await align.AlignAsync(missing[i], Interval.Hour1, context.AsOfUtc, ct);
        }

        context.Log($"{packs.Count} pack versions, {symbols.Count} synthetic symbols, {missing.Length} of them made now");
        return Done(new BootstrapOutput(packs.Count, symbols.Count, missing.Length > 0));
    }
}
