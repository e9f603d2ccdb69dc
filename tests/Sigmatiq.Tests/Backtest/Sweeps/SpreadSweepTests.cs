using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Store.Threads;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Sweeps;

/// <summary>Sweeps whose pieces are done elsewhere, in any order.</summary>
public sealed class SpreadSweepTests : IDisposable
{
    // 3 lengths x 3 stops x 3 targets x 4 sizes x 4 thresholds = 432 combos in two chunks on three columns.
    private const string Parameters = """
        {"thresholds": [0.5, 0.55, 0.6, 0.65], "position_size_pct": [1, 2, 3, 4], "rsi_period": [14, 21, 28], "stop_loss_pct": [3, 4, 6], "take_profit_pct": [8, 12, 16]}
        """;

    private readonly SweepRoom room = SweepRoom.Open();

    private static CancellationToken Ct => SweepRoom.Ct;

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Columns_and_chunks_done_elsewhere_and_in_any_order_give_what_one_process_gives_bit_for_bit()
    {
        (SweepWork work, Elsewhere others) = await MakeAsync(ConfidenceKind.Classifier);
        StoredSweep spread = await RunAsync(work, others);
        others.Done.Should().Equal("column 2", "column 1", "column 0", "chunk 1", "chunk 0");
        using SweepRoom calm = SweepRoom.Open();
        StoredSweep alone = await calm.JobsWith(new ScoreAsClassifier()).RunAsync(work, "operator", false, 1, null, Ct);
        spread.LeaderboardHash.Should().Be(alone.LeaderboardHash);
        spread.Files.Where(f => f.Key.EndsWith(".parquet", StringComparison.Ordinal)).Should().BeEquivalentTo(alone.Files.Where(f => f.Key.EndsWith(".parquet", StringComparison.Ordinal)));
        spread.Combos.Values.Select(c => c.Metrics.ToJsonString()).Should().Equal(alone.Combos.Values.Select(c => c.Metrics.ToJsonString()));
        (await room.Ledger.CountAsync(work.Hypothesis, Ct)).Should().Be(await calm.Ledger.CountAsync(work.Hypothesis, Ct)).And.Match<TrialCount>(c => c.Raw == 432);
    }

    [Fact]
    public async Task A_piece_that_is_not_the_one_that_was_counted_fails_the_sweep()
    {
        (SweepWork work, Elsewhere others) = await MakeAsync(ConfidenceKind.Rule);
        others.Wrong = 1;
        Func<Task> run = () => RunAsync(work, others);
        (await run.Should().ThrowAsync<ProblemException>()).Which.Problem.Should().Match<Problem>(p => p.Code == "CLU-2005" && p.Message.StartsWith("Chunk 1"));
        (await room.Store.ListAsync(null, null, Ct)).Single().Should().Match<SweepRecord>(s => s.Status == "failed" && s.Problem!.Code == "CLU-2005");
    }

    [Fact]
    public async Task A_piece_of_other_work_is_refused()
    {
        (SweepWork work, Elsewhere others) = await MakeAsync(ConfidenceKind.Rule);
        string id = (await room.Store.BeginAsync(work, "operator", false, Ct)).SweepId;
        ContentHash other = ContentHash.Of("another");
        foreach (SweepPiece piece in new SweepPiece[]
        {
            new(id, work.Hash.Hex, SweepPiece.Chunk, 0, other.Hex), new(id, work.Hash.Hex, SweepPiece.Chunk, 99, other.Hex), new(id, work.Hash.Hex, SweepPiece.Column, 0, other.Hex),
            new(id, other.Hex, SweepPiece.Chunk, 0, other.Hex),
        })
        {
            Func<Task> done = () => others.Pieces.DoAsync(piece, Ct);
            (await done.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("SWS-3004");
        }
    }

    [Fact]
    public async Task Chunks_that_may_end_the_sweep_are_left_to_the_process_that_gathers_it()
    {
        (SweepWork work, Elsewhere others) = await MakeAsync(ConfidenceKind.Rule, ", \"early_stop\": true, \"seed\": 1");
        StoredSweep spread = await RunAsync(work, others);
        others.Done.Should().BeEmpty();
        spread.LeaderboardHash.Should().Be(SomeSweep.Run(work).Leaderboard.Hash.Hex);
    }

    private Task<StoredSweep> RunAsync(SweepWork work, Elsewhere others) => Task.Run(async () =>
    {
        string id = (await room.Store.BeginAsync(work, "operator", false, Ct)).SweepId;
        return await new SweepJobs(room.Rows, room.Data, room.Store, new(room.Clock, new ScoreAsClassifier()), room.Clock).RunAsync(id, work, 1, others, null, Ct);
    }, Ct);

    private async Task<(SweepWork, Elsewhere)> MakeAsync(ConfidenceKind confidence, string more = "")
    {
        PackLibrary library = new(room.Data.Folder("packs"));
        PackLibraryTests.CopyTo(room.Data.Folder("packs", "swingsigma", "1.1.0"), SomePack.Texts());
        ModelStore models = new(room.Rows, room.Data, room.Clock);
        Pack pack = library.Load("swingsigma");
        ModelCreated made = await models.CreateAsync(ModelBuilder.Default(pack, "MKT.SYN", "operator", []), pack, Ct);
        BarStore bars = new(room.Data, room.Rows, room.Clock, IdSource.FromSeed(TimeProvider.System, 1));
        await bars.PutAsync([new(SomeSweep.Bars, new("simulator", "simulator-1"), null)], Ct);
        SweepWorks works = new(library, models, bars);
        SweepRequest request = SweepRequest.Parse(JsonNode.Parse(
            $$"""
            { "model_id": "{{made.Model.Id}}", "sweep_type": "custom", "date_range": {"start": "2019-01-02", "end": "2021-12-31"}, "parameters": {{Parameters}} {{more}} }
            """)).Value with { Confidence = confidence };
        SweepWork work = await works.PrepareAsync(request, "operator", Plan.Unlimited, null, null, Ct);
        return (work, new(new(works, room.Store, new(room.Clock, new ScoreAsClassifier()), room.Data, TimeProvider.System)));
    }

    /// <summary>The rule score, as if it had to be fitted.</summary>
    private sealed class ScoreAsClassifier : IConfidenceSource
    {
        public string KeyOf(EffectiveConfig config) => config.IndicatorKey;

        public ConfidenceColumn For(ConfidencePair pair, CancellationToken ct) => new RuleScoreConfidence().For(pair, ct);
    }

    /// <summary>Does the last piece first.</summary>
    private sealed class Elsewhere(SweepPieces pieces) : ISpread
    {
        public SweepPieces Pieces => pieces;

        public int? Wrong { get; set; }

        public List<string> Done { get; } = [];

        public IReadOnlyList<string> Do(string part, IReadOnlyList<JsonObject> asked, Action<int> done, CancellationToken ct)
        {
            part.Should().Be(SweepPiece.Part);
            string[] hashes = new string[asked.Count];
            for (int n = asked.Count - 1; n >= 0; n--)
            {
                SweepPiece piece = JsonSerializer.Deserialize<SweepPiece>(asked[n].ToJsonString())!;
                hashes[n] = n == Wrong ? new string('0', 64) : pieces.DoAsync(piece, ct).GetAwaiter().GetResult();
                pieces.DoAsync(piece, ct).GetAwaiter().GetResult().Should().Match(h => n == Wrong || h == hashes[n], "what is there is not done again");
                Done.Add($"{piece.Stage} {piece.Number}");
                done(Done.Count);
            }

            return hashes;
        }
    }
}
