using System.Text.Json.Nodes;
using Sigmatiq.Learning;
using Sigmatiq.Learning.Checkpoints;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Tests.Learning.Checkpoints;

public sealed class ResumedTrainingTests : IDisposable
{
    private static readonly TrainingData Data = PlantedTraining.Data(days: 160);
    private static readonly TrainingPlan Plan = PlantedTraining.Plan(Data, parameters: new JsonObject { ["n_estimators"] = 10, ["learning_rate"] = 0.1 });
    private static readonly Lazy<string> Undisturbed = new(() => Text(Run(Plan, new NoCheckpoints(), new XgBoost())));
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Steps => [.. TrainingSteps.All];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_training_that_died_in_a_step_goes_on_behind_the_last_finished_one_and_equals_an_undisturbed_one_bit_for_bit(string diedIn)
    {
        CheckpointFolder checkpoints = new(folder["job"], Plan.Hash);
        Action dying = () => new TrainingRun(new XgBoost(), TimeProvider.System).Run(Plan, Data, checkpoints, steps =>
        {
            if (steps.Single(s => s.Step == diedIn).Status == "in_progress")
            {
                throw new IOException("killed");
            }
        }, TestContext.Current.CancellationToken);
        dying.Should().Throw<IOException>();
        int finished = TrainingSteps.All.ToList().IndexOf(diedIn);
        Directory.GetFiles(folder.Path, "*.checkpoint", SearchOption.AllDirectories).Should().HaveCount(finished);

        CountingLearner learner = new();
        Text(Run(Plan, checkpoints, learner)).Should().Be(Undisturbed.Value);
        learner.Fits.Should().Be(finished switch { <= 2 => 6, 3 => 5, _ => 0 }, "what was finished is not fitted again");
    }

    [Fact]
    public void A_tuning_that_died_goes_on_with_the_next_point_of_its_grid()
    {
        TrainingPlan plan = PlantedTraining.Plan(Data, parameters: new JsonObject { ["tune"] = true });
        CheckpointFolder checkpoints = new(folder["job"], plan.Hash);
        Action dying = () => Run(plan, checkpoints, new CountingLearner(diesAfter: (4 * 5) + 2));
        dying.Should().Throw<IOException>();
        CountingLearner learner = new();
        TrainingResult resumed = Run(plan, checkpoints, learner);
        learner.Fits.Should().Be((8 * 5) + 1 + 5);
        Text(resumed).Should().Be(Text(Run(plan, new NoCheckpoints(), new CountingLearner())));
    }

    [Theory]
    [InlineData("flipped")]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("nested")]
    [InlineData("of another plan")]
    public void A_checkpoint_that_cannot_be_believed_is_passed_over(string damage)
    {
        CheckpointFolder checkpoints = new(folder["job"], Plan.Hash);
        Run(Plan, checkpoints, new XgBoost());
        foreach (string path in Directory.GetFiles(folder.Path, "*.checkpoint", SearchOption.AllDirectories))
        {
            byte[] bytes = File.ReadAllBytes(path);
            switch (damage)
            {
                case "flipped":
                    bytes[bytes.Length / 2] ^= 1;
                    break;
                case "truncated":
                    bytes = bytes[..(bytes.Length / 2)];
                    break;
                case "empty":
                    bytes = [];
                    break;
                case "nested":
                    byte[] body = System.Text.Encoding.ASCII.GetBytes(new string('[', 100_000));
                    bytes = [.. System.Text.Encoding.ASCII.GetBytes($"sigmatiq.checkpoint/1 {ContentHash.Of(body).Hex}\n"), .. body];
                    break;
            }

            File.WriteAllBytes(path, bytes);
        }

        CountingLearner learner = new();
        CheckpointFolder found = damage == "of another plan" ? new(folder["job"], ContentHash.Of("another")) : checkpoints;
        Text(Run(Plan, found, learner)).Should().Be(Undisturbed.Value);
        learner.Fits.Should().Be(6);
    }

    [Fact]
    public void A_checkpoint_keeps_every_number_bit_for_bit()
    {
        CheckpointFolder checkpoints = new(folder["job"], Plan.Hash);
        double[] numbers = [0, -0.0, double.NaN, double.PositiveInfinity, double.Epsilon, 0.1, -1e300, BitConverter.Int64BitsToDouble(0x7FF8000000000001)];
        Sigmatiq.Learning.Labels.LabelColumns kept = new(numbers, [int.MinValue, -1, 0], []);
        checkpoints.Keep("numbers", kept);
        var found = checkpoints.Find<Sigmatiq.Learning.Labels.LabelColumns>("numbers")!;
        found.Label.Select(BitConverter.DoubleToInt64Bits).Should().Equal(numbers.Select(BitConverter.DoubleToInt64Bits));
        found.EndBar.Should().Equal(kept.EndBar);
        checkpoints.Find<Sigmatiq.Learning.Labels.LabelColumns>("nothing").Should().BeNull();
        checkpoints.Remove();
        checkpoints.Find<Sigmatiq.Learning.Labels.LabelColumns>("numbers").Should().BeNull();
    }

    private static TrainingResult Run(TrainingPlan plan, ICheckpoints checkpoints, ILearner learner) =>
        new TrainingRun(learner, TimeProvider.System).Run(plan, Data, checkpoints, _ => { }, TestContext.Current.CancellationToken);

    // Every field, every bit: doubles as base64 of their bytes.
    private static string Text(TrainingResult result) => ContentHash.Of(System.Text.Json.JsonSerializer.Serialize(result, CheckpointJson.Options)).Hex;

    private sealed class CountingLearner(int diesAfter = int.MaxValue) : ILearner
    {
        private readonly XgBoost inner = new();

        public int Fits { get; private set; }

        public string Algorithm => inner.Algorithm;

        public IFittedModel Fit(DenseRows rows, ReadOnlySpan<double> labels, ReadOnlySpan<double> weights, Hyperparameters hyperparameters, CancellationToken ct) =>
            Fits++ < diesAfter ? inner.Fit(rows, labels, weights, hyperparameters with { NEstimators = Math.Min(hyperparameters.NEstimators, 10) }, ct) : throw new IOException("killed");

        public IFittedModel Load(ReadOnlySpan<byte> model) => inner.Load(model);
    }
}
