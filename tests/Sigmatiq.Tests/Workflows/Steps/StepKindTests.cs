using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Steps;

public sealed class StepKindTests
{
    private static readonly IStepKind Kind = new EchoStep();

    private sealed record EchoInput(string Ticker, int Count = 3, double? Threshold = null);

    private sealed record EchoPart(int ComboId, ContentHash Hash);

    private sealed record EchoOutput(string Ticker, IReadOnlyList<EchoPart> Best, double Score, DateTimeOffset AtUtc);

    [Fact]
    public void Fields_are_read_from_the_records_in_snake_case()
    {
        new StepKinds([Kind]).TryGet("test.echo", out StepKinds.Entry? entry).Should().BeTrue();
        entry!.Inputs.Select(f => (f.Name, f.Type.Kind, f.Required)).Should().Equal(
            ("ticker", ValueKind.Text, true), ("count", ValueKind.Whole, false), ("threshold", ValueKind.Number, false));
        StepField best = entry.Outputs.Single(f => f.Name == "best");
        best.Type.Item!.Fields.Select(f => f.Name).Should().Equal("combo_id", "hash");
    }

    [Fact]
    public async Task A_typed_step_receives_its_defaults_and_returns_canonical_json()
    {
        StepOutcome outcome = await Kind.RunAsync(Context(), new JsonObject { ["ticker"] = "SPY" }, TestContext.Current.CancellationToken);
        outcome.Should().BeOfType<StepOutcome.Succeeded>().Which.Output.ToJsonString().Should().Be(
            """{"ticker":"SPY","best":[{"combo_id":3,"hash":"HASH"}],"score":null,"at_utc":"2026-01-02T03:04:05Z"}"""
                .Replace("HASH", ContentHash.Of("x").Hex));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"ticker":"SPY","colour":"red"}""")]
    [InlineData("""{"ticker":null}""")]
    public async Task A_missing_unknown_or_null_field_is_refused(string input) =>
        await FluentActions.Awaiting(() => Kind.RunAsync(Context(), JsonNode.Parse(input)!.AsObject(), TestContext.Current.CancellationToken))
            .Should().ThrowAsync<ProblemException>().Where(e => e.Problem.Code == WorkflowCodes.BadInput);

    [Fact]
    public void Chance_and_effect_key_do_not_depend_on_the_attempt()
    {
        StepContext first = Context(), second = Context(attempt: 2);
        second.EffectKey.Should().Be(first.EffectKey);
        second.Rng.NextBits().Should().Be(first.Rng.NextBits());
        Context(index: 1).Rng.NextBits().Should().NotBe(first.Rng.NextBits());
    }

    private static StepContext Context(int attempt = 1, int index = 0) => new()
    {
        Run = new("run_1"), Step = "echo", Index = index, Attempt = attempt, Seed = 7, RequestedBy = "operator",
        AsOfUtc = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    private sealed class EchoStep : StepKind<EchoInput, EchoOutput>
    {
        public override string Name => "test.echo";

        public override string Summary => "Says what it was told.";

        public override Task<StepOutcome> RunAsync(StepContext context, EchoInput input, CancellationToken ct) =>
            Task.FromResult(Done(new(input.Ticker, [new(input.Count, ContentHash.Of("x"))], double.NaN, context.AsOfUtc)));
    }
}
