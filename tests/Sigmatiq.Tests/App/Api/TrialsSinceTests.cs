using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Tests.Backtest.Sweeps;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Evidence is of the day that it was made on; what is tried until somebody votes makes luck likelier, and they are told.</summary>
public sealed class TrialsSinceTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 16, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Trials_after_a_request_lower_the_deflated_sharpe_that_its_voter_reads_and_none_says_nothing()
    {
        using var room = SweepRoom.Open();
        StoredSweep sweep = await room.RunAsync();
        int combo = sweep.Leaderboard.Rows.First(r => r.Rank == 1).ComboId;
        await TrainedAsync(room, sweep.SweepId, combo);
        Deflation then = await room.Ledger.DeflationAsync(sweep, SweepRoom.Ct);
        double before = then.Of(sweep.Combo(combo)).Value!.Value;
        Approval asked = Some.Approval(Now);
        asked = asked with { Subject = asked.Subject with { SelectionNote = Read($$"""{ "trials": {{then.Count.Different}} }""") } };
        TrialsSinceReader reader = new(room.Rows, room.Store, room.Ledger);
        (await reader.ReadAsync(asked, SweepRoom.Ct)).Should().BeNull("nothing was tried since");

        // The same idea with other exits: other trials of it.
        await room.RunAsync(SomeSweep.Work(SomeSweep.Custom("""{"thresholds": [0.5, 0.6], "stop_loss_pct": [1, 1.5, 2, 2.5], "rsi_period": [7, 9, 14, 21, 28]}""")));
        TrialsSince since = (await reader.ReadAsync(asked, SweepRoom.Ct))!;
        since.Combos.Should().Be((await room.Ledger.DeflationAsync(sweep, SweepRoom.Ct)).Count.Different - then.Count.Different).And.BeGreaterThan(0);
        since.Deflated!.Value.Should().BeLessThan(before);
        string words = LuckReader.Cards(asked with { Metrics = Read(string.Create(CultureInfo.InvariantCulture, $$"""{ "deflated_sharpe": {{before}} }""")) }, null, null, since).Single(c => c.Id == "deflated_sharpe").Words;
        words.Should().Contain($"Since this was asked {since.Combos} more were tried: by now we would be");

        (await reader.ReadAsync(asked with { Status = ApprovalStatus.Approved }, SweepRoom.Ct)).Should().BeNull("what is decided stays as it was decided");
        (await reader.ReadAsync(asked with { Subject = asked.Subject with { ArtifactHashes = [new string('9', 64)] } }, SweepRoom.Ct)).Should().BeNull("its model is not in this store");
    }

    [Theory]
    [InlineData(0.99, "ok")]
    [InlineData(0.95, "ok")]
    [InlineData(0.94, "caution")]
    [InlineData(null, "caution")]
    public void A_deflated_sharpe_that_would_no_longer_pass_is_a_caution(double? now, string expected) =>
        LuckReader.Cards(Asked(), null, null, new TrialsSince(52, now)).Single(c => c.Id == "deflated_sharpe").Verdict.Should().Be(expected);

    private static Approval Asked()
    {
        Approval asked = Some.Approval(Now);
        return asked with { Metrics = Read("""{ "deflated_sharpe": 0.99 }"""), Subject = asked.Subject with { SelectionNote = Read("""{ "trials": 45 }""") } };
    }

    // As it is read out of a store.
    private static JsonObject Read(string json) => JsonNode.Parse(json)!.AsObject();

    private static async Task TrainedAsync(SweepRoom room, string sweep, int combo)
    {
        string hash = new('d', 64);
        await room.Rows.ExecuteAsync(
            """
            insert into training_jobs (job_id, seq, key, model_id, trained_model_id, trained_number, sweep_id, combo_id, combo_rank, config_hash, data_snapshot_id, plan_hash, parameters, hyperparameters,
              seed, evidence_only, status, created_by, created_at_utc)
            values ('train_001', 1, 'k', 'm', 'm_trained_001', 1, @sweep, @combo, 1, @hash, @hash, @hash, '{}', '{}', 42, 0, 'completed', 'operator', '2026-01-16T12:00:00.000000Z')
            """, new { sweep, combo, hash }, SweepRoom.Ct);
        await room.Rows.ExecuteAsync(
            """
            insert into trained_models (trained_model_id, job_id, model_id, combo_id, config_hash, data_snapshot_id, artifact_hash, files, meta, state, created_at_utc)
            values ('m_trained_001', 'train_001', 'm', @combo, @hash, @hash, @hash, '{}', '{}', 'trained', '2026-01-16T12:00:00.000000Z')
            """, new { combo, hash }, SweepRoom.Ct);
    }
}
