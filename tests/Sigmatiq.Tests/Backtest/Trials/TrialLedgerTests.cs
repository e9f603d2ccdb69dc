using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Errors;
using Sigmatiq.Tests.Backtest.Sweeps;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Trials;

public abstract class TrialLedgerTests : IDisposable
{
    private readonly SweepRoom room = SweepRoom.Open();

    private static CancellationToken Ct => SweepRoom.Ct;

    [Fact]
    public async Task The_same_config_on_the_same_data_counts_once()
    {
        SweepWork work = SomeSweep.Work();
        StoredSweep first = await room.RunAsync(work);
        TrialCount once = await room.Ledger.CountAsync(work.Hypothesis, Ct);
        once.Raw.Should().Be(45);
        await room.RunAsync(work, force: true);
        (await room.Ledger.CountAsync(work.Hypothesis, Ct)).Should().Be(once);

        // Two of these three thresholds with all day and 2 % are new, the third has been tried.
        await room.RunAsync(SomeSweep.Work(SomeSweep.Custom("""{"thresholds": [0.51, 0.52, 0.6], "allowed_hours": ["all_day"], "position_size_pct": [2]}""")));
        (await room.Ledger.CountAsync(work.Hypothesis, Ct)).Raw.Should().Be(47);
        await room.RunAsync(work with { DataSnapshotId = new string('b', 64) });
        (await room.Ledger.CountAsync(work.Hypothesis, Ct)).Raw.Should().Be(92, "on other data it is another trial");
        (await room.Ledger.ListAsync(work.Hypothesis, Ct)).Count(t => t.SourceId == first.SweepId).Should().Be(45);
    }

    [Fact]
    public async Task A_row_holds_what_deflated_sharpe_needs_and_duplicates_count_once()
    {
        SweepWork work = SomeSweep.Work();
        await room.RunAsync(work);
        SweepResult result = SomeSweep.Run(work);
        IReadOnlyList<Trial> trials = await room.Ledger.ListAsync(work.Hypothesis, Ct);
        foreach (ComboResult combo in result.Combos)
        {
            Trial trial = trials.Single(t => t.ComboId == combo.ComboId);
            (trial.ConfigHash, trial.Periods, trial.SharpePerPeriod, trial.Skewness, trial.Kurtosis, trial.IsDuplicate).Should().Be(
                (combo.ConfigHash.Hex, combo.Metrics.Periods, combo.Metrics.SharpePerPeriod, combo.Metrics.Skewness, combo.Metrics.Kurtosis, combo.DuplicateOf is not null));
        }

        TrialCount count = await room.Ledger.CountAsync(work.Hypothesis, Ct);
        double[] different = [.. result.Combos.GroupBy(c => c.DuplicateOf ?? c.ComboId).Select(g => g.Max(c => c.Metrics.SharpePerPeriod)).OfType<double>()];
        count.Different.Should().Be(result.Combos.Count(c => c.DuplicateOf is null)).And.BeLessThan(count.Raw);
        double mean = different.Average();
        count.SharpeVariance.Should().BeApproximately(different.Sum(s => Math.Pow(s - mean, 2)) / (different.Length - 1), 1e-15);
    }

    [Fact]
    public async Task A_copied_pack_and_a_changed_version_go_on_counting_and_another_ticker_starts_anew()
    {
        await room.RunAsync();
        Pack copy = SomePack.With(("id: \"swingsigma\"", "id: \"copycat\""));
        (await room.Ledger.CountAsync(Hypothesis.Of(copy, SomeSweep.Model with { PackId = "copycat" }), Ct)).Raw.Should().Be(45, "the rules are the same");
        ModelConfig changed = SomeSweep.Model with { Strategy = SomeSweep.Model.Strategy with { EntryRules = ["rsi > 50"] } };
        (await room.Ledger.CountAsync(Hypothesis.Of(SomePack.Swing, changed), Ct)).Raw.Should().Be(45, "pack, strategy and ticker are the same");
        ModelConfig real = SomeSweep.Model with { Instrument = SomeSweep.Model.Instrument with { Ticker = "SPY" } };
        (await room.Ledger.CountAsync(Hypothesis.Of(SomePack.Swing, real), Ct)).Raw.Should().Be(0, "synthetic and real data count apart");
    }

    [Fact]
    public async Task A_rule_changed_first_and_the_name_after_it_do_not_start_the_count_anew()
    {
        await room.RunAsync();
        ModelConfig changed = SomeSweep.Model with { Strategy = SomeSweep.Model.Strategy with { EntryRules = ["rsi > 50"] } };
        Pack copy = SomePack.With(("id: \"swingsigma\"", "id: \"copycat\""));
        Hypothesis parent = Hypothesis.Of(SomePack.Swing, SomeSweep.Model), child = Hypothesis.Of(SomePack.Swing, changed);
        Hypothesis renamed = Hypothesis.Of(copy, changed with { PackId = "copycat" });
        (renamed.Key == child.Key, child.Lineage == parent.Lineage, renamed.Lineage == parent.Lineage).Should().Be((true, true, false));
        (await room.Ledger.CountAsync(renamed, Ct)).Raw.Should().Be(0, "changed and renamed at once, nothing says what it comes from");
        await room.RunAsync(SomeSweep.Work(
            SomeSweep.Custom("""{"thresholds": [0.5], "allowed_hours": ["all_day"], "position_size_pct": [2]}"""), model: changed));
        foreach (Hypothesis each in (Hypothesis[])[renamed, child, parent])
        {
            TrialCount count = await room.Ledger.CountAsync(each, Ct);
            count.Raw.Should().Be(46, each.Lineage);
            count.Should().Be(await room.Ledger.CountAsync(parent, Ct));
            (await room.Ledger.ListAsync(each, Ct)).Should().HaveCount(46);
        }
    }

    [Theory]
    [InlineData("update trials set sharpe_per_period = 0.0")]
    [InlineData("delete from trials")]
    public async Task A_trial_is_never_changed_or_forgotten(string sql)
    {
        await room.RunAsync();
        (await FluentActions.Awaiting(() => room.Rows.ExecuteAsync(sql, null, Ct)).Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1007");
    }

    [Fact]
    public async Task Looks_at_a_hold_out_are_numbered_and_the_same_work_looks_once()
    {
        string one = HoldoutLooks.IdOf(SomeSweep.Snapshot, 1, 2), other = HoldoutLooks.IdOf(SomeSweep.Snapshot, 1, 3);
        async Task<int> Look(string holdout, string key) => (await room.Looks.RecordAsync(holdout, new string('c', 64), "train_001", key, Ct)).Number;
        (await Look(one, "a")).Should().Be(1);
        (await Look(one, "b")).Should().Be(2);
        (await Look(one, "a")).Should().Be(1, "a step that runs again finds its own look");
        (await Look(other, "c")).Should().Be(1);
        (await room.Looks.ListAsync(one, Ct)).Select(l => l.EffectKey).Should().Equal("a", "b");
    }

    public void Dispose() => room.Dispose();
}

public sealed class TrialLedgerOnSqliteTests : TrialLedgerTests;

[OnStore(StoreEngine.Postgres)]
public sealed class TrialLedgerOnPostgresTests : TrialLedgerTests;
