using Sigmatiq.Backtest;
using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Sources;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Lint;

namespace Sigmatiq.Workflows.Steps;

/// <summary>Stage 0 takes nothing: what it makes ready is the same for every run.</summary>
public sealed record BootstrapInput;

/// <summary>What is ready.</summary>
/// <param name="Packs">Pack versions known by content.</param>
/// <param name="SyntheticSymbols">Symbols of the synthetic market in the store.</param>
/// <param name="Seeded">Whether this run found an empty store and made the synthetic market.</param>
public sealed record BootstrapOutput(int Packs, int SyntheticSymbols, bool Seeded);

/// <summary>Stage 0: built-in packs are linted and published under their hash, and an empty store gets the synthetic market. A second run changes
/// nothing.</summary>
public sealed class BootstrapStep(PackLibrary library, PublishedPacks published, BarStore bars, MarketAlign align) : StepKind<BootstrapInput, BootstrapOutput>
{
    /// <inheritdoc/>
    public override string Name => "store.bootstrap";

    /// <inheritdoc/>
    public override string Summary => "Publish the built-in packs and make the synthetic market where the store is empty";

    /// <inheritdoc/>
    /// <exception cref="Store.Errors.ProblemException">The linter's codes: a pack that is not yet published has an error; then none is.</exception>
    public override async Task<StepOutcome> RunAsync(StepContext context, BootstrapInput input, CancellationToken ct)
    {
        Pack[] packs = [.. library.List().Select(p => library.Load($"{p.Id}@{p.Version}"))];
        foreach (Pack pack in packs)
        {
            await LintAsync(context, pack, ct);
        }

        foreach (Pack pack in packs)
        {
            await published.PublishAsync(pack, "system:bootstrap", ct);
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

        context.Log($"{packs.Length} pack versions, {symbols.Count} synthetic symbols, {missing.Length} of them made now");
        return Done(new BootstrapOutput(packs.Length, symbols.Count, missing.Length > 0));
    }

    // What was published stays as it is, whatever a later linter would say of it.
    private async Task LintAsync(StepContext context, Pack pack, CancellationToken ct)
    {
        string? hash = await published.HashAsync(pack.Id, pack.Version, ct);
        if (hash == pack.Hash.Hex)
        {
            return;
        }

        foreach (LintFinding warning in PublishLint.Pass(pack, hash, isOfficial: true, $"{pack.Id}/{pack.Version}", ct))
        {
            context.Log($"{warning.Code} {warning.Path}: {warning.Message}");
        }
    }
}
