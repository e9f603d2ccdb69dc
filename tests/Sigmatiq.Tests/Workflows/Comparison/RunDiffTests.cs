using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Workflows.Comparison;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Tests.Workflows.Comparison;

/// <summary>What <c>runs diff</c> finds between two stored runs.</summary>
public sealed class RunDiffTests
{
    private const string Yaml = """
        workflow: chain
        version: 1.0.0
        summary: Make, use each, use all
        parameters: { count: { type: int, default: 3 }, ticker: { type: symbol, default: SPY } }
        steps:
          make: { uses: test.make, with: { name: x, count: "{params.count}" }, timeout: 5m }
          each: { uses: test.use, for_each: { in: "{steps.make.outputs.best}", as: part, max_parallel: 2 }, with: { part: "{part}" } }
          last: { uses: test.use, with: { labels: "{steps.each.outputs.model}" } }
        """;

    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TestSteps Steps = new();

    [Fact]
    public void Of_twenty_planted_changes_exactly_these_twenty_are_found()
    {
        RunFacts a = new Plan().Facts();
        // Every kind of difference, each at one place.
        RunFacts b = new Plan
        {
            Yaml = Yaml.Replace("version: 1.0.0", "version: 1.1.0").Replace("timeout: 5m", "timeout: 6m").Replace("max_parallel: 2", "max_parallel: 4")
                + "\n  beside: { uses: test.use }",
            Parameters = """{ "count": 2, "ticker": "QQQ" }""",
            Seed = 43, AsOf = Noon.AddDays(1), Snapshot = "s2", Score = 0.75, Labels = ["part 1", "part two"], SecondModel = "other", LastDecision = "rejected",
            Metrics = """{ "evidence": { "sharpe": 1.5, "sortino": 2.0, "win_rate": 0.55, "by_year": { "2024": 0.2 } } }""",
            Trades =
            [
                """{ "trade_id": 1, "timestamp": "2024-01-02T15:30:00Z", "side": "LONG", "entry_price": 100.0, "exit_reason": "take_profit" }""",
                """{ "trade_id": 2, "timestamp": "2024-01-05T15:30:00Z", "side": "LONG", "entry_price": 100.5, "exit_reason": "hard_stop" }""",
                """{ "trade_id": 3, "timestamp": "2024-01-09T15:30:00Z", "side": "LONG", "entry_price": 102.0, "exit_reason": "hard_stop" }""",
            ],
            MakeSeconds = 9, LastAttempts = 2,
        }.Facts();

        RunComparison comparison = RunDiff.Of(a, b);
        comparison.Same.Should().BeFalse();
        string[] planted =
        [
            "Graph version: 1.0.0 → 1.1.0", "Graph steps.make.timeout: 5m → 6m", "Graph steps.each.for_each.max_parallel: 2 → 4", "Graph steps.beside: null → {…}",
            "Parameters count: 3 → 2", "Parameters ticker: SPY → QQQ", "Parameters run.seed: 42 → 43",
            "Data as_of: 2026-03-02T12:00:00Z → 2026-03-03T12:00:00Z", "Data make.snapshot: s1 → s2",
            "Outputs make.score: 0.5 → 0.75", "Outputs make.best[1].label: part 2 → part two", "Outputs each[1].model: m1 → other", "Outputs last.decision: approved → rejected",
            "Metrics evidence.sharpe: 1.2 → 1.5", "Metrics evidence.win_rate: null → 0.55", "Metrics evidence.by_year.2024: 0.1 → 0.2",
            "Trades 2024-01-02T15:30:00Z LONG.exit_reason: time_stop → take_profit", "Trades 2024-01-05T15:30:00Z LONG: null → {…}",
            "Timing make.seconds: 4 → 9", "Timing last.attempts: 1 → 2",
        ];
        planted.Should().HaveCount(20);
        comparison.Differences.Concat(comparison.Apart).Select(Text).Should().BeEquivalentTo(planted);
    }

    [Fact]
    public void Two_runs_of_the_same_differ_in_ids_and_timing_alone_and_these_stand_apart()
    {
        RunFacts a = new Plan { SecondModel = "train_001", LastDecision = "files of run_a" }.Facts();
        RunFacts b = new Plan { Id = "run_b", SecondModel = "train_002", LastDecision = "files of run_b", MakeSeconds = 5 }.Facts();
        RunComparison comparison = RunDiff.Of(a, b);
        comparison.Same.Should().BeTrue();
        comparison.Apart.Select(Text).Should().BeEquivalentTo(
            "Ids run: run_a → run_b", "Ids each[1].model: train_001 → train_002", "Ids last.decision: files of run_a → files of run_b", "Timing make.seconds: 4 → 5");
        RunDiff.Of(a, a).Apart.Should().BeEmpty();
    }

    [Theory]
    [InlineData("train_001", "sweep_001")]
    [InlineData("report_2024.json", "report_2025.json")]
    [InlineData("mkt-1", "mkt-2")]
    public void Numbers_of_different_things_are_a_difference_and_no_ids(string a, string b) =>
        RunDiff.Of(new Plan { SecondModel = a }.Facts(), new Plan { SecondModel = b }.Facts()).Differences.Should().ContainSingle()
            .Which.Path.Should().Be("each[1].model");

    [Fact]
    public void A_step_that_failed_in_one_of_two_runs_is_one_difference()
    {
        RunFacts a = new Plan().Facts(), b = new Plan { LastFails = true }.Facts();
        RunDiff.Of(a, b).Differences.Select(Text).Should().Equal("Outputs last.status: succeeded → failed");
    }

    private static string Text(RunDifference d) => $"{d.Area} {d.Path}: {Text(d.A)} → {Text(d.B)}";

    private static string Text(JsonNode? value) => value is null ? "null" : value is JsonValue ? value.ToString() : "{…}";

    /// <summary>A run as it is to look.</summary>
    private sealed class Plan
    {
        public string Id { get; init; } = "run_a";

        public string Yaml { get; init; } = RunDiffTests.Yaml;

        public string Parameters { get; init; } = """{ "count": 3, "ticker": "SPY" }""";

        public long Seed { get; init; } = 42;

        public DateTimeOffset AsOf { get; init; } = Noon;

        public string Snapshot { get; init; } = "s1";

        public double Score { get; init; } = 0.5;

        public string[] Labels { get; init; } = ["part 1", "part 2"];

        public string SecondModel { get; init; } = "m1";

        public string LastDecision { get; init; } = "approved";

        public bool LastFails { get; init; }

        public string Metrics { get; init; } = """{ "evidence": { "sharpe": 1.2, "sortino": 2.0, "by_year": { "2024": 0.1 } } }""";

        public string[] Trades { get; init; } =
        [
            """{ "trade_id": 1, "timestamp": "2024-01-02T15:30:00Z", "side": "LONG", "entry_price": 100.0, "exit_reason": "time_stop" }""",
            """{ "trade_id": 2, "timestamp": "2024-01-09T15:30:00Z", "side": "LONG", "entry_price": 102.0, "exit_reason": "hard_stop" }""",
        ];

        public int MakeSeconds { get; init; } = 4;

        public int LastAttempts { get; init; } = 1;

        public RunFacts Facts()
        {
            WorkflowDefinition workflow = Steps.Workflow(Yaml);
            RunState state = RunMachine.Begin(new(Id), workflow, new(Noon, new(
                "chain", workflow.Version, workflow.Hash, JsonNode.Parse(Parameters)!.AsObject(), AsOf, Seed, null, [], "operator", "test")));
            List<AttemptView> attempts = [];
            Send(new RunAdmitted(Noon));
            Do("make", 0, new JsonObject
            {
                ["snapshot"] = Snapshot, ["passed"] = true, ["score"] = Score,
                ["best"] = new JsonArray([.. Labels.Select((l, i) => (JsonNode)new JsonObject { ["combo_id"] = i, ["label"] = l })]),
            }, MakeSeconds);
            Do("each", 0, Used("m0", "approved"), 1);
            Do("each", 1, Used(SecondModel, "approved"), 1);
            for (int i = 1; i < LastAttempts; i++)
            {
                Send(new AttemptStarted(Noon, "last", 0, i));
                Send(new AttemptLost(Noon, "last", 0, i));
                attempts.Add(new("last", 0, i, "lost", Noon, Noon, null, 0, 0, null));
            }

            Do("last", 0, LastFails ? null : Used("m", LastDecision), 2);
            if (workflow.Has("beside"))
            {
                // Without an attempt of its own in the list, so that it is a difference of the graph alone.
                Send(new AttemptStarted(Noon, "beside", 0, 1));
                Send(new AttemptSucceeded(Noon, "beside", 0, 1, Used("b", "approved"), ContentHash.Of("x")));
            }

            return new(state, attempts, JsonNode.Parse(Metrics)!.AsObject(), [.. Trades.Select(t => JsonNode.Parse(t)!.AsObject())]);

            void Send(RunEvent happened) => state = RunMachine.Apply(state, happened).State;

            void Do(string step, int index, JsonObject? output, int seconds)
            {
                int attempt = state.Step(step).Instances[index].Attempts + 1;
                Send(new AttemptStarted(Noon, step, index, attempt));
                Send(output is null
                    ? new AttemptFailed(Noon, step, index, attempt, new("TST-1", "no"), "refused")
                    : new AttemptSucceeded(Noon, step, index, attempt, output, ContentHash.OfJson(output)));
                attempts.Add(new(step, index, attempt, "succeeded", Noon, Noon.AddSeconds(seconds), null, 0, 0, null));
            }
        }

        private static JsonObject Used(string model, string decision) => new() { ["model"] = model, ["decision"] = decision };
    }
}
