using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Checkpoints;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Threads;

namespace Sigmatiq.Tests.Learning;

public sealed class SpreadTrainingTests : IDisposable
{
    private static readonly TrainingData Data = PlantedTraining.Data(days: 160);

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<bool, string> Plans => new() { { true, "none" }, { false, "log_loss" }, { true, "auc" } };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Plans))]
    public void Tuning_points_and_folds_done_elsewhere_and_in_any_order_give_what_one_process_gives_bit_for_bit(bool isTuned, string permutation)
    {
        TrainingPlan plan = PlantedTraining.Plan(Data, parameters: new JsonObject { ["n_estimators"] = 10, ["tune"] = isTuned, ["permutation_importance"] = permutation });
        TrainingResult alone = new TrainingRun(new XgBoost(), TimeProvider.System).Run(plan, Data, _ => { }, Ct);
        CheckpointFolder checkpoints = new(folder["job"], plan.Hash);
        Elsewhere others = new(plan, checkpoints);
        TrainingResult spread = new TrainingRun(new XgBoost(), TimeProvider.System).Run(plan, Data, checkpoints, new SpreadTraining("train_001", plan, checkpoints, others), _ => { }, Ct);
        Text(spread).Should().Be(Text(alone));
        others.Done.Should().Be((isTuned ? 12 : 0) + 5);
    }

    [Fact]
    public void A_piece_that_is_not_the_one_that_was_counted_is_refused()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data, parameters: new JsonObject { ["n_estimators"] = 10 });
        CheckpointFolder checkpoints = new(folder["job"], plan.Hash);
        Action run = () => new TrainingRun(new XgBoost(), TimeProvider.System).Run(
            plan, Data, checkpoints, new SpreadTraining("train_001", plan, checkpoints, new Elsewhere(plan, checkpoints) { IsWrong = true }), _ => { }, Ct);
        run.Should().Throw<ProblemException>().Which.Problem.Should().Match<Problem>(p => p.Code == "CLU-2005" && p.Message.Contains("validation-fold-03"));
    }

    private static string Text(TrainingResult result) => ContentHash.Of(JsonSerializer.Serialize(result, CheckpointJson.Options)).Hex;

    /// <summary>Does the last piece first, each as a process that knows nothing but the plan and the checkpoints.</summary>
    private sealed class Elsewhere(TrainingPlan plan, CheckpointFolder checkpoints) : ISpread
    {
        public bool IsWrong { get; init; }

        public int Done { get; private set; }

        public IReadOnlyList<string> Do(string part, IReadOnlyList<JsonObject> pieces, Action<int> done, CancellationToken ct)
        {
            part.Should().Be(TrainingPiece.Part);
            foreach (JsonObject json in pieces.Reverse())
            {
                TrainingPiece piece = JsonSerializer.Deserialize<TrainingPiece>(json.ToJsonString())!;
                (piece.Job, piece.Plan).Should().Be(("train_001", plan.Hash.Hex));
                new TrainingRun(new XgBoost(), TimeProvider.System).Do(TrainingRun.Prepare(plan, Data, checkpoints), piece, checkpoints, ct);
                done(++Done);
            }

            return [.. pieces.Select((p, n) => IsWrong && n == 2 ? new string('0', 64) : checkpoints.HashOf(JsonSerializer.Deserialize<TrainingPiece>(p.ToJsonString())!.Name)!)];
        }
    }
}
