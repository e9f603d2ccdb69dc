using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Shards;

/// <summary>Does a piece of a sweep that a step on some node gathers.</summary>
public sealed class SweepPart(SweepPieces pieces) : StepKind<SweepPiece, PieceOutput>
{
    /// <inheritdoc/>
    public override string Name => SweepPiece.Part;

    /// <inheritdoc/>
    public override string Summary => "Fit one confidence column or evaluate one chunk of a sweep";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, SweepPiece input, CancellationToken ct) => Done(new PieceOutput(await pieces.DoAsync(input, ct)));
}
