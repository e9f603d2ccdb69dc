using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.Backtest.Sweeps;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Trials;

/// <summary>Whatever way the same combos are tried, each deflated Sharpe ratio, read afterwards, is the same.</summary>
public sealed class SplitSweepTests
{
    private const string Thresholds = "[0.50, 0.52, 0.54, 0.56, 0.58, 0.60, 0.62, 0.64, 0.66, 0.68]";

    private static CancellationToken Ct => SweepRoom.Ct;

    // Stop and trail of different widths, some of which never fire, and sizes: duplicates lie across every way to cut this grid. Without a
    // range the sweep begins with the first stored bar, so the longer warm-up of another RSI moves its start.
    private static string Grid(string thresholds, string sizes = "[1, 2]", string rsi = "[14, 28]") =>
        $$"""{"thresholds": {{thresholds}}, "allowed_hours": ["all_day"], "position_size_pct": {{sizes}}, "rsi_period": {{rsi}}, "stop_loss_pct": [6, 8], "trailing_stop_pct": [3]}""";

    [Fact]
    public async Task Splitting_a_sweep_into_ten_leaves_each_deflated_sharpe_unchanged()
    {
        Dictionary<string, double?> whole = await ReadAsync(Work(Grid(Thresholds)));
        whole.Should().HaveCount(80);
        whole.Values.Count(v => v is > 0.01 and < 0.99).Should().BeGreaterThan(10, "else nothing is compared");
        Same(whole, await ReadAsync([.. Numbers(Thresholds).Select(t => Work(Grid($"[{t}]")))]), "ten thresholds apart");
        Same(whole, await ReadAsync([.. Numbers(Thresholds).Reverse().Select(t => Work(Grid($"[{t}]")))]), "in the other order");
        Same(whole, await ReadAsync([Work(Grid(Thresholds, sizes: "[1]")), Work(Grid(Thresholds, sizes: "[2]"))]), "the sizes apart, whose trades are the same");
        Same(whole, await ReadAsync([Work(Grid(Thresholds, sizes: "[2]")), Work(Grid(Thresholds, sizes: "[1]"))]), "the larger size first");
        Same(whole, await ReadAsync([Work(Grid(Thresholds, rsi: "[14]")), Work(Grid(Thresholds, rsi: "[28]"))]), "the warm-ups apart, which move the start");
    }

    [Fact]
    public async Task A_part_may_start_earlier_than_the_whole_and_its_trials_are_the_same()
    {
        using var room = SweepRoom.Open();
        StoredSweep whole = await room.RunAsync(Work(Grid("[0.5, 0.6]"))), part = await room.RunAsync(Work(Grid("[0.5, 0.6]", rsi: "[14]")));
        part.StartUtcUs.Should().BeLessThan(whole.StartUtcUs, "else the test of ten parts says nothing of starts");
        var trials = whole.Combos.Values.ToDictionary(c => c.Row.ConfigHash, c => c.Robust.Trial);
        part.Combos.Values.Should().OnlyContain(c => c.Robust.Trial == trials[c.Row.ConfigHash]);
    }

    [Fact]
    public async Task A_repeated_sweep_and_a_renamed_copy_of_the_pack_change_no_deflated_sharpe_and_no_count_but_the_raw_one()
    {
        using var room = SweepRoom.Open();
        SweepWork work = Work(Grid("[0.5, 0.55, 0.6]"));
        StoredSweep first = await room.RunAsync(work);
        Deflation before = await room.Ledger.DeflationAsync(first, Ct);
        double?[] values = [.. first.Combos.Values.Select(c => before.Of(c).Value)];
        await room.RunAsync(work, force: true);
        (await room.Ledger.DeflationAsync(first, Ct)).Should().Be(before, "the same sweep was repeated");

        Pack copy = SomePack.With(("id: \"swingsigma\"", "id: \"copycat\""));
        ModelConfig model = ModelBuilder.Build(ModelBuilder.Default(copy, "MKT.SYN", "somebody", []), copy, SomePack.CreatedAt).Value.Config;
        SweepRequest request = work.Plan.Request with { ModelId = model.Id };
        StoredSweep copied = await room.RunAsync(SomeSweep.Work(request, model, copy));
        copied.Hypothesis.Key.Should().Be(first.Hypothesis.Key);
        Deflation after = await room.Ledger.DeflationAsync(first, Ct);
        after.Count.Raw.Should().Be(2 * before.Count.Raw, "every row of the copy is there");
        after.Count.Different.Should().Be(before.Count.Different);
        first.Combos.Values.Select(c => after.Of(c).Value).Should().Equal(values);
    }

    [Fact]
    public async Task Another_trial_on_the_idea_lowers_what_was_shown_before_and_another_range_of_the_bars_is_another_trial()
    {
        using var room = SweepRoom.Open();
        StoredSweep first = await room.RunAsync(Work(Grid("[0.5, 0.55, 0.6]")));
        Deflation before = await room.Ledger.DeflationAsync(first, Ct);
        await room.RunAsync(Work(Grid("[0.5, 0.55, 0.6]"), """, "holdout": 0.4"""));
        Deflation after = await room.Ledger.DeflationAsync(first, Ct);
        after.Count.Raw.Should().Be(2 * before.Count.Raw, "the selection window ends earlier");
        after.Count.Different.Should().BeGreaterThan(before.Count.Different);
        (after.Floor > before.Floor || after.Count.SharpeVariance < before.Count.SharpeVariance).Should().BeTrue();
    }

    [Fact]
    public async Task Tuning_runs_of_a_training_count_in_k_once_each_and_not_in_the_spread()
    {
        using var room = SweepRoom.Open();
        StoredSweep sweep = await room.RunAsync(Work(Grid("[0.5, 0.6]")));
        TrialCount before = await room.Ledger.CountAsync(sweep.Hypothesis, Ct);
        TuningTrial[] runs = [.. Enumerable.Range(1, 8).Select(n => new TuningTrial($"{n:x64}", n))];
        for (int again = 0; again < 2; again++)
        {
            int added = await room.Rows.InTransactionAsync(tx => TrialLedger.AddTuningAsync(tx, sweep, runs, "train_001", room.Clock.GetUtcNow(), Ct), Ct);
            added.Should().Be(again == 0 ? 8 : 0, "a training that was killed counts none twice");
        }

        TrialCount after = await room.Ledger.CountAsync(sweep.Hypothesis, Ct);
        after.Should().Be(before with { Raw = before.Raw + 8, Different = before.Different + 8 });
        (await room.Ledger.ListAsync(sweep.Hypothesis, Ct)).Count(t => t is { Kind: "tuning", SourceId: "train_001" }).Should().Be(8);
    }

    private static string[] Numbers(string list) => list.Trim('[', ']').Split(", ");

    private static SweepWork Work(string grid, string more = "")
    {
        SweepWork ranged = SomeSweep.Work(SomeSweep.Custom(grid, more));
        return SomeSweep.Work(ranged.Plan.Request with { From = null, To = null });
    }

    // Every combo's deflated Sharpe ratio by what it is, read after the last sweep.
    private static async Task<Dictionary<string, double?>> ReadAsync(params SweepWork[] parts)
    {
        using var room = SweepRoom.Open();
        List<StoredSweep> sweeps = [];
        foreach (SweepWork part in parts)
        {
            sweeps.Add(await room.RunAsync(part));
        }

        Dictionary<string, double?> read = [];
        foreach (StoredSweep sweep in sweeps)
        {
            Deflation deflation = await room.Ledger.DeflationAsync(await room.Store.LoadAsync(sweep.SweepId, Ct), Ct);
            foreach (StoredCombo combo in (await room.Store.LoadAsync(sweep.SweepId, Ct)).Combos.Values)
            {
                read[combo.Row.ConfigHash] = deflation.Of(combo).Value;
            }
        }

        return read;
    }

    private static void Same(Dictionary<string, double?> whole, Dictionary<string, double?> parts, string how)
    {
        parts.Keys.Should().BeEquivalentTo(whole.Keys, how);
        foreach (var (config, value) in whole)
        {
            (parts[config] is null).Should().Be(value is null, how);
            if (value is { } expected)
            {
                parts[config]!.Value.Should().BeApproximately(expected, 1e-6, how);
            }
        }
    }
}
