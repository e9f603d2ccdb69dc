using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sigmatiq.Learning.Checkpoints;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Learning;

/// <summary>A piece of a training that any process can do: a point of the tuning grid, or a fold of the validation.</summary>
/// <param name="Job">Id of the training.</param>
/// <param name="Plan">Hash of its plan: whoever does a piece must come to the same.</param>
/// <param name="Stage"><c>tuning</c> or <c>fold</c>.</param>
/// <param name="Number">Which, from 0; of the folds that can be fitted.</param>
/// <param name="Hyperparameters">With which.</param>
public sealed record TrainingPiece(
    [property: JsonPropertyName("job")] string Job, [property: JsonPropertyName("plan")] string Plan, [property: JsonPropertyName("stage")] string Stage,
    [property: JsonPropertyName("number")] int Number, [property: JsonPropertyName("hyperparameters")] JsonObject Hyperparameters)
{
    /// <summary>Name of what does pieces, for <see cref="ISpread.Do"/>.</summary>
    public const string Part = "learning.training_piece";

    /// <summary>The stage of tuning points.</summary>
    public const string Tuning = "tuning";

    /// <summary>The stage of folds.</summary>
    public const string Fold = "fold";

    /// <summary>Under which name its checkpoint is kept.</summary>
    internal string Name => Stage == Tuning ? Learning.Tuning.NameOf(Number) : NameOfFold(Number);

    internal Hyperparameters Used => Hyperparameters.Deserialize<Hyperparameters>(CheckpointJson.Options)!;

    internal static string NameOfFold(int number) => FormattableString.Invariant($"validation-fold-{number + 1:00}");

    internal static JsonObject JsonOf(Hyperparameters hyperparameters) => JsonSerializer.SerializeToNode(hyperparameters, CheckpointJson.Options)!.AsObject();

    internal JsonObject ToJson() => JsonSerializer.SerializeToNode(this)!.AsObject();
}

/// <summary>Has tuning points and folds of one training done by others, each kept among its checkpoints.</summary>
internal sealed class SpreadTraining(string jobId, TrainingPlan plan, CheckpointFolder checkpoints, ISpread spread)
{
    /// <summary>Returns once every point is kept.</summary>
    public void HaveTuning(IReadOnlyList<Hyperparameters> points, CancellationToken ct) =>
        Do([.. points.Select((p, n) => new TrainingPiece(jobId, plan.Hash.Hex, TrainingPiece.Tuning, n, TrainingPiece.JsonOf(p)))], ct);

    /// <summary>Returns once every fold is kept.</summary>
    public void HaveFolds(int count, Hyperparameters used, CancellationToken ct) => Do(
        [.. Enumerable.Range(0, count).Select(n => new TrainingPiece(jobId, plan.Hash.Hex, TrainingPiece.Fold, n, TrainingPiece.JsonOf(used)))], ct);

    // A checkpoint that is damaged is passed over and its piece done here.
    private void Do(TrainingPiece[] pieces, CancellationToken ct)
    {
        if (pieces.Length < 2)
        {
            return;
        }

        IReadOnlyList<string> hashes = spread.Do(TrainingPiece.Part, [.. pieces.Select(p => p.ToJson())], _ => { }, ct);
        foreach ((TrainingPiece piece, string counted) in pieces.Zip(hashes))
        {
            if (checkpoints.HashOf(piece.Name) is { } found)
            {
                Spread.RequireSame($"{piece.Name} of {jobId}", found, counted);
            }
        }
    }
}
