using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Learning.Learners;

/// <summary>XGBoost's loader trusts what it reads, so nothing that would lead it out of its memory may reach it.</summary>
public sealed class HostileModelTests
{
    private static readonly Lazy<byte[]> Good = new(Fit);

    public static TheoryData<string> Damages =>
    [
        "child beyond the end", "child below zero", "circle", "shared child", "one child", "column beyond the end", "negative column", "tree of another output", "more trees than there are",
        "fewer nodes than there are", "no columns", "too many columns", "categories", "several classes", "another objective", "another booster", "no learner", "names twice",
        "number as text", "text as number", "parameter too large", "not one",
    ];

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_model_that_would_lead_the_library_astray_is_refused_before_it_sees_it(string damage)
    {
        JsonObject model = JsonNode.Parse(Good.Value)!.AsObject();
        JsonNode learner = model["learner"]!, forest = learner["gradient_booster"]!["model"]!, tree = forest["trees"]![1]!;
        switch (damage)
        {
            case "child beyond the end":
                tree["left_children"]![0] = 1_000_000;
                break;
            case "child below zero":
                tree["left_children"]![0] = -5;
                break;
            case "circle":
                tree["left_children"]![1] = 0;
                tree["right_children"]![1] = 0;
                break;
            case "shared child":
                tree["left_children"]![0] = tree["right_children"]![0]!.GetValue<int>();
                break;
            case "one child":
                tree["left_children"]![0] = -1;
                break;
            case "column beyond the end":
                tree["split_indices"]![0] = 3;
                break;
            case "negative column":
                tree["split_indices"]![0] = -1;
                break;
            case "tree of another output":
                forest["tree_info"]![1] = 7;
                break;
            case "more trees than there are":
                forest["gbtree_model_param"]!["num_trees"] = "5000";
                break;
            case "fewer nodes than there are":
                tree["left_children"]!.AsArray().Add(-1);
                break;
            case "no columns":
                learner["learner_model_param"]!["num_feature"] = "0";
                break;
            case "too many columns":
                learner["learner_model_param"]!["num_feature"] = "2000000000";
                break;
            case "categories":
                tree["split_type"]![0] = 1;
                break;
            case "several classes":
                learner["learner_model_param"]!["num_class"] = "3";
                break;
            case "another objective":
                learner["objective"]!["name"] = "reg:squarederror";
                break;
            case "another booster":
                learner["gradient_booster"]!["name"] = "dart";
                break;
            case "no learner":
                model.Remove("learner");
                break;
            case "names twice":
                learner["feature_names"] = new JsonArray("a", "a", "b");
                break;
            case "number as text":
                tree["left_children"]![0] = "1";
                break;
            case "text as number":
                learner["learner_model_param"]!["num_feature"] = 3;
                break;
            case "parameter too large":
                tree["tree_param"]!["num_nodes"] = "99999999999999999999";
                break;
            default:
                model["version"] = new JsonArray(99, 0, 0);
                break;
        }

        Refuses(Encoding.UTF8.GetBytes(model.ToJsonString()));
    }

    [Fact]
    public void What_only_the_library_can_see_is_refused_in_its_own_words()
    {
        JsonObject model = JsonNode.Parse(Good.Value)!.AsObject();
        model["learner"]!["gradient_booster"]!["model"]!["trees"]![0]!["split_conditions"]![0] = "high";
        ((Action)(() => new XgBoost().Load(Encoding.UTF8.GetBytes(model.ToJsonString())))).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("TRN-2002");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"learner\":null,\"version\":[1,7,4]}")]
    public void Other_bytes_are_refused(string text) => Refuses(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("[")]
    [InlineData("{\"learner\":")]
    public void Nesting_without_end_is_refused_instead_of_ending_the_process(string opening) =>
        Refuses(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(opening, 200_000))));

    [Fact]
    public void A_model_with_random_bytes_changed_is_refused_by_code_or_predicts_and_never_ends_the_process()
    {
        const long seed = 20261121;
        Rng rng = Rng.From(seed);
        DenseRows rows = new([.. Enumerable.Range(0, 60).Select(i => (float)Math.Sin(i))], 20, 3);
        int refused = 0;
        for (int round = 0; round < 400; round++)
        {
            byte[] bytes = [.. Good.Value];
            for (int flips = 1 + rng.NextInt(3); flips > 0; flips--)
            {
                int at = rng.NextInt(bytes.Length);
                bytes[at] = rng.NextInt(2) == 0 ? (byte)('0' + rng.NextInt(10)) : (byte)(bytes[at] ^ (1 << rng.NextInt(8)));
            }

            try
            {
                using IFittedModel model = new XgBoost().Load(round % 10 == 0 ? bytes[..rng.NextInt(bytes.Length)] : bytes);
                model.Scores(rows).Should().HaveCount(20, $"seed {seed}, round {round}");
            }
            catch (ProblemException e)
            {
                e.Problem.Code.Should().BeOneOf(["TRN-2002", "TRN-2003"], $"seed {seed}, round {round}");
                refused++;
            }
        }

        refused.Should().BeInRange(50, 399);
    }

    private static void Refuses(byte[] bytes) =>
        ((Action)(() => new XgBoost().Load(bytes))).Should().Throw<ProblemException>().Which.Problem.Should().Match<Problem>(p => p.Code == "TRN-2003" && p.Remedy != null);

    private static byte[] Fit()
    {
        Rng rng = Rng.From(4);
        float[] values = [.. Enumerable.Range(0, 600).Select(_ => (float)rng.NextGaussian())];
        double[] labels = [.. Enumerable.Range(0, 200).Select(i => values[i * 3] + (0.5 * values[(i * 3) + 1]) > 0 ? 1.0 : 0.0)];
        using IFittedModel model = new XgBoost().Fit(
            new(values, 200, 3), labels, [.. labels.Select(_ => 1.0)], new(NEstimators: 3, MaxDepth: 3, LearningRate: 0.3), TestContext.Current.CancellationToken);
        return model.ToBytes();
    }
}
