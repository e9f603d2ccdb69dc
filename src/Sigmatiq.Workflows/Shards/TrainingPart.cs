using Sigmatiq.Learning;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Shards;

/// <summary>Does a piece of a training that a step on some node gathers.</summary>
public sealed class TrainingPart(TrainingPieces pieces) : StepKind<TrainingPiece, PieceOutput>
{
    /// <inheritdoc/>
    public override string Name => TrainingPiece.Part;

    /// <inheritdoc/>
    public override string Summary => "Try one tuning point or fit one fold of a training";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, TrainingPiece input, CancellationToken ct) =>
        Done(new PieceOutput(await pieces.DoAsync(input, ct)));
}
