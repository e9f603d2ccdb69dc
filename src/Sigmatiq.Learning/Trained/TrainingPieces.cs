using System.Text.Json.Nodes;
using Sigmatiq.Learning.Checkpoints;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Learning.Trained;

/// <summary>Does pieces of trainings that another process gathers. What is kept already is not done again.</summary>
/// <remarks>What the pieces of a training share is made once in a process and kept while they are done.</remarks>
/// <param name="jobs">What was asked for.</param>
/// <param name="combos">Makes the plan of a training again.</param>
/// <param name="openLearner">What learns.</param>
/// <param name="data">The folders of trainings.</param>
/// <param name="clock">Says when a training is let go.</param>
public sealed class TrainingPieces(TrainingJobs jobs, SweptCombos combos, Func<ILearner> openLearner, DataDirectory data, TimeProvider clock)
{
    // Longer than a look for the next piece, short enough not to keep bars of a training that has ended.
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(20);

    private readonly SharedPreparation<TrainingPrepared> kept = new(clock, KeptFor);

    /// <summary>Does a piece and leaves it among the training's checkpoints.</summary>
    /// <returns>Hash of what it left.</returns>
    /// <exception cref="ProblemException">TRN-3008: no such training. TRN-3009: it is another plan here than there. Those of a training.</exception>
    public async Task<string> DoAsync(TrainingPiece piece, CancellationToken ct)
    {
        CheckpointFolder checkpoints = CheckpointFolder.Of(data, piece.Job, ContentHash.Parse(piece.Plan));
        using SharedPreparation<TrainingPrepared>.Use use = await kept.UseAsync($"{piece.Job}/{piece.Plan}", async () =>
        {
            TrainingJob job = await jobs.FindAsync(piece.Job, CancellationToken.None);
            SweptCombo combo = await combos.LoadAsync(job.SweepId, job.ComboId, CancellationToken.None);
            TrainingPlan plan = combo.Plan(TrainingParameters.Parse(JsonNode.Parse(job.Parameters)!.AsObject()), job.EvidenceOnly);
            return plan.Hash.Hex == piece.Plan ? TrainingRun.Prepare(plan, combo.Training.Data, checkpoints) : throw new ProblemException(
                "TRN-3009", $"{piece.Job} has the plan {plan.Hash.Short} in this process, {piece.Plan[..12]} in the one that asks for {piece.Name}.", piece.Job,
                "Let all nodes run one build on one data directory.");
        });
        new TrainingRun(openLearner(), clock).Do(use.Value, piece, checkpoints, ct);
        return checkpoints.HashOf(piece.Name)!;
    }
}
