using System.Text.Json.Nodes;
using Sigmatiq.Learning.Learners;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Tests.Learning.Learners;

public sealed class HyperparametersTests
{
    [Fact]
    [Trait("Row", "S1-53")]
    public void The_defaults_are_those_of_the_table()
    {
        JsonObject json = new Hyperparameters().ToJson();
        json.ToJsonString().Should().Contain("\"algorithm\":\"xgboost\",\"n_estimators\":200,\"max_depth\":5,\"learning_rate\":0.01,")
            .And.Contain("\"subsample\":0.8,\"colsample_bytree\":0.8,\"reg_lambda\":1,").And.Contain("\"objective\":\"binary:logistic\",\"seed\":42");
    }

    [Fact]
    public void What_is_written_reads_back() =>
        new Hyperparameters(Seed: 1).With(new Hyperparameters(MaxDepth: 3, LearningRate: 0.1).ToJson())
            .Should().Be(new Hyperparameters(MaxDepth: 3, LearningRate: 0.1));

    [Fact]
    [Trait("Row", "S1-51")]
    public void An_unknown_algorithm_is_refused_by_name()
    {
        Action read = () => new Hyperparameters().With(new JsonObject { ["algorithm"] = "lightgbm" });
        Problem problem = read.Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be("TRN-1001");
        problem.Exit.Should().Be(ExitCode.BadUsage);
        problem.ToString().Should().Contain("lightgbm").And.Contain("xgboost");
    }

    [Theory]
    [InlineData("""{"max_depth": 0}""")]
    [InlineData("""{"max_depth": 2.5}""")]
    [InlineData("""{"learning_rate": 0}""")]
    [InlineData("""{"learning_rate": "fast"}""")]
    [InlineData("""{"subsample": 1.5}""")]
    [InlineData("""{"n_estimators": 1e9}""")]
    [InlineData("""{"reg_lambda": -1}""")]
    [InlineData("""{"seed": null}""")]
    [InlineData("""{"objective": "reg:squarederror"}""")]
    [InlineData("""{"learning_rte": 0.1}""")]
    public void A_wrong_value_is_refused_before_the_library_sees_it(string overrides)
    {
        Action read = () => new Hyperparameters().With(JsonNode.Parse(overrides)!.AsObject());
        read.Should().Throw<ProblemException>().Which.All.Should().OnlyContain(p => p.Code == "TRN-1002").And.HaveCount(1);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        Action read = () => new Hyperparameters().With(new JsonObject { ["max_depth"] = 99, ["subsample"] = 0, ["algorithm"] = "mlnet" });
        read.Should().Throw<ProblemException>().Which.All.Select(p => p.Where).Should().BeEquivalentTo("algorithm", "max_depth", "subsample");
    }
}
