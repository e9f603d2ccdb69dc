using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Overfitting;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Sweeps;

public abstract class SweepStoreTests : IDisposable
{
    private static readonly string[] Required =
    [
        "total_return", "annualized_return", "sharpe_ratio", "sortino_ratio", "max_drawdown", "win_rate", "profit_factor", "total_trades", "avg_trade_duration_days",
        "best_trade", "worst_trade", "avg_winner", "avg_loser",
    ];

    private readonly SweepRoom room = SweepRoom.Open();

    private static CancellationToken Ct => SweepRoom.Ct;

    [Fact]
    public async Task The_hashed_table_of_results_holds_what_stands_beside_the_figures()
    {
        StoredSweep sweep = await room.RunAsync();
        ColumnSet table = ParquetFile.Read(SweepFiles.PathOf(room.Data, sweep.SweepId, SweepFiles.Results), null, Ct);
        for (int i = 0; i < table["combo_id"].Ints.Length; i++)
        {
            RobustFigures robust = sweep.Combo(table["combo_id"].Ints[i]).Robust;
            double[] row = [.. new[] { "break_even_bps", "optimistic_return", "optimistic_sharpe", "optimistic_drawdown" }.Select(c => table[c].Doubles[i])];
            row.Should().Equal(
                robust.BreakEvenBps ?? double.NaN, robust.OptimisticReturn ?? double.NaN, robust.OptimisticSharpe ?? double.NaN, robust.OptimisticDrawdown ?? double.NaN);
            table["ambiguous_bars"].Ints[i].Should().Be(robust.AmbiguousBars);
        }

        table["break_even_bps"].Doubles.Where(double.IsFinite).Distinct().Count().Should().BeGreaterThan(5, "else nothing is compared");
    }

    [Fact]
    public async Task Confidence_is_made_again_from_what_the_thresholds_were_compared_with_and_none_where_rules_alone_decided()
    {
        StoredSweep sweep = await room.RunAsync();
        IConfidenceSource classifier = new RuleScoreConfidence();
        IConfidenceSource? Of(string source) => (sweep with { Leaderboard = sweep.Leaderboard with { ScoreSource = source } }).ConfidenceSource(classifier);
        sweep.ScoreSource.Should().Be("rule");
        Of("rule").Should().BeOfType<RuleScoreConfidence>().And.NotBeSameAs(classifier);
        Of("classifier").Should().BeSameAs(classifier);
        Of("none").Should().BeNull("a score that is undefined in the warm-up would forbid entries that the sweep had");
    }

    [Fact]
    public async Task What_is_loaded_is_what_was_run()
    {
        StoredSweep run = await room.RunAsync(), loaded = await room.Store.LoadAsync(run.SweepId, Ct);
        loaded.ToJson().ToJsonString().Should().Be(run.ToJson().ToJsonString());
        loaded.Should().BeEquivalentTo(run, o => o.Excluding(s => s.Leaderboard).Excluding(s => s.Combos).Excluding(s => s.Request).Excluding(s => s.Window).Excluding(s => s.Course)
            .Excluding(s => s.Warnings));
        loaded.Request.Hash.Should().Be(run.Request.Hash);
        loaded.Leaderboard.Hash.Hex.Should().Be(run.LeaderboardHash);
        foreach (int combo in run.Combos.Keys)
        {
            loaded.ResultJson(combo).ToJsonString().Should().Be(run.ResultJson(combo).ToJsonString());
        }
    }

    [Fact]
    [Trait("Row", "S0-14")]
    [Trait("Row", "S1-44")]
    public async Task A_combos_result_has_the_thirteen_metrics_and_every_field()
    {
        StoredSweep sweep = await room.RunAsync();
        JsonObject result = sweep.ResultJson(sweep.Leaderboard.Rows[0].ComboId);
        result.Select(f => f.Key).Should().Contain(
            ["combo_id", "model_id", "config", "metrics", "gate_results", "trades_sample", "config_hash", "data_snapshot_id", "equity_curve_uri", "trades_uri"]);
        result["metrics"]!.AsObject().Select(m => m.Key).Should().Contain(Required);
        result["config"]!.AsObject().Select(c => c.Key).Should().Contain(["threshold", "allowed_hours", "position_size_pct", "stop_loss_pct", "trailing_stop_pct"]);
        result["gate_results"]!.AsObject().Select(g => g.Key).Should().Equal("pass", "status", "checks", "reasons");
        File.Exists(Path.Combine(room.Data.Root, result["trades_uri"]!.GetValue<string>())).Should().BeTrue();
        result["execution_log"]!.AsArray().Should().HaveCount(4);
    }

    [Fact]
    [Trait("Row", "S1-46")]
    public async Task Sample_trades_return_exit_over_entry_on_trading_days()
    {
        StoredSweep sweep = await room.RunAsync();
        JsonArray sample = sweep.Combos.Values.MaxBy(c => c.Row.Trades)!.TradesSample!;
        sample.Should().NotBeEmpty();
        foreach (JsonNode trade in sample!)
        {
            double entry = trade["entry_price"]!.GetValue<double>(), exit = trade["exit_price"]!.GetValue<double>();
            trade["return"]!.GetValue<double>().Should().Be(Math.Round((exit / entry) - 1, 4));
            DateOnly bought = DateOnly.Parse(trade["entry_date"]!.GetValue<string>()), sold = DateOnly.Parse(trade["exit_date"]!.GetValue<string>());
            Sigmatiq.Market.Calendars.NyseCalendar.Instance.SessionOn(bought).Should().NotBeNull();
            Sigmatiq.Market.Calendars.NyseCalendar.Instance.SessionOn(sold).Should().NotBeNull();
            trade["duration_days"]!.GetValue<int>().Should().Be(sold.DayNumber - bought.DayNumber);
        }
    }

    [Fact]
    [Trait("Row", "S0-16")]
    [Trait("Row", "S1-42")]
    public async Task Every_combo_has_a_config_hash_of_its_own_of_64_hex_digits()
    {
        StoredSweep sweep = await room.RunAsync();
        string[] hashes = [.. sweep.Leaderboard.Rows.Select(r => r.ConfigHash)];
        hashes.Should().OnlyHaveUniqueItems().And.HaveCount(45);
        hashes.Should().OnlyContain(h => h.Length == 64);
        sweep.Combo(1).Row.Config.ToJsonString().Should().Be("""{"threshold":0.5,"allowed_hours":[9,10,11,12,13,14,15],"position_size_pct":1}""");
        sweep.Combo(2).Row.Config.ToJsonString().Should().Be("""{"threshold":0.5,"allowed_hours":[9,10,11,12,13,14,15],"position_size_pct":2}""");
    }

    [Fact]
    [Trait("Row", "S1-49")]
    public async Task Ids_are_named_by_the_second_and_unique_under_a_burst()
    {
        using SweepRoom still = SweepRoom.Open(new SomeSweep.StoppedClock());
        SweepWork work = SomeSweep.Work();
        Task<SweepBegun>[] burst = [.. Enumerable.Range(0, 20).Select(_ => Task.Run(() => still.Store.BeginAsync(work, "user:operator", force: true, Ct)))];
        string[] ids = [.. (await Task.WhenAll(burst)).Select(b => b.SweepId)];
        ids.Should().BeEquivalentTo(["sweep_20240115_103000", .. Enumerable.Range(2, 19).Select(n => $"sweep_20240115_103000_{n}")]);
        (await still.Store.ListAsync(null, null, Ct)).Should().HaveCount(20).And.Subject.First().SweepId.Should().Be("sweep_20240115_103000_20");
    }

    [Fact]
    public async Task The_same_request_returns_the_earlier_sweep_unless_forced()
    {
        StoredSweep first = await room.RunAsync(), again = await room.RunAsync(), forced = await room.RunAsync(force: true);
        again.SweepId.Should().Be(first.SweepId);
        forced.SweepId.Should().NotBe(first.SweepId);
        forced.LeaderboardHash.Should().Be(first.LeaderboardHash);
        (await room.RunAsync(SomeSweep.Work(SomeSweep.Simple with { Seed = 43 }))).SweepId.Should().NotBe(first.SweepId);
        (await room.RunAsync(SomeSweep.Work() with { DataSnapshotId = new string('a', 64) })).SweepId.Should().NotBe(first.SweepId);
    }

    [Fact]
    public async Task A_model_made_again_under_another_name_and_time_is_the_same_work() =>
        SomeSweep.Work(model: SomeSweep.Model with { CreatedAtUtc = DateTimeOffset.UnixEpoch }).Hash.Should().Be(SomeSweep.Work().Hash);

    [Fact]
    public async Task One_thread_and_two_write_the_same_files()
    {
        StoredSweep one = await room.RunAsync(threads: 1), two = await room.RunAsync(force: true, threads: 2);
        two.LeaderboardHash.Should().Be(one.LeaderboardHash);
        foreach (string name in new[] { SweepFiles.Results, SweepFiles.Trades, SweepFiles.Returns })
        {
            two.Files[name].Should().Be(one.Files[name], name);
        }
    }

    [Fact]
    public async Task A_sweep_killed_in_the_middle_and_begun_again_keeps_its_id_and_gives_the_same_files()
    {
        SweepWork work = SomeSweep.Work();
        using var kill = new CancellationTokenSource();
        await FluentActions.Awaiting(() => room.Jobs.RunAsync(work, "user:operator", false, 1, at =>
        {
            if (at.Share > 0.5)
            {
                kill.Cancel();
            }
        }, kill.Token)).Should().ThrowAsync<OperationCanceledException>();
        SweepRecord killed = (await room.Store.ListAsync(null, null, Ct)).Should().ContainSingle().Subject;
        killed.Status.Should().Be("queued");
        (await room.Ledger.CountAsync(work.Hypothesis, Ct)).Raw.Should().Be(0, "nothing counts before the sweep is complete");

        // What an attempt of another program version may have left.
        File.WriteAllText(SweepFiles.PathOf(room.Data, killed.SweepId, SweepFiles.Trades), "half a file");
        StoredSweep again = await room.RunAsync(work);
        again.SweepId.Should().Be(killed.SweepId);
        using SweepRoom other = SweepRoom.Open(new SomeSweep.Clock(new(2024, 2, 1, 0, 0, 0, TimeSpan.Zero)));
        StoredSweep untouched = await other.RunAsync(work);
        untouched.SweepId.Should().NotBe(again.SweepId);
        again.LeaderboardHash.Should().Be(untouched.LeaderboardHash);
        again.Files.Where(f => f.Key != SweepFiles.Leaderboard).Should().BeEquivalentTo(untouched.Files.Where(f => f.Key != SweepFiles.Leaderboard));
    }

    [Fact]
    public async Task Trades_of_every_combo_are_in_the_file()
    {
        StoredSweep sweep = await room.RunAsync();
        ColumnSet trades = ParquetFile.Read(SweepFiles.PathOf(room.Data, sweep.SweepId, SweepFiles.Trades), null, Ct);
        trades.Names.Should().Equal(
            "combo_id", "trade", "entry_bar", "exit_bar", "entry_ts", "exit_ts", "entry_price", "exit_price", "quantity", "costs", "reason", "profit", "return", "mae", "mfe");
        foreach (LeaderboardRow row in sweep.Leaderboard.Rows)
        {
            trades["combo_id"].Ints.Count(c => c == row.ComboId).Should().Be(row.Trades);
        }

        for (int i = 0; i < trades.Rows; i++)
        {
            double worth = trades["quantity"].Doubles[i] * (trades["exit_price"].Doubles[i] - trades["entry_price"].Doubles[i]);
            trades["profit"].Doubles[i].Should().BeApproximately(worth - trades["costs"].Doubles[i], 1e-6);
            trades["mae"].Doubles[i].Should().BeLessThanOrEqualTo(0);
            trades["mfe"].Doubles[i].Should().BeGreaterThanOrEqualTo(0);
        }
    }

    [Fact]
    public async Task Daily_returns_compound_to_the_total_return()
    {
        StoredSweep sweep = await room.RunAsync();
        ColumnSet returns = ParquetFile.Read(SweepFiles.PathOf(room.Data, sweep.SweepId, SweepFiles.Returns), null, Ct);
        LeaderboardRow best = sweep.Leaderboard.Rows[0];
        double money = 1;
        for (int i = 0; i < returns.Rows; i++)
        {
            money *= returns["combo_id"].Ints[i] == best.ComboId ? 1 + returns["return"].Doubles[i] : 1;
        }

        (money - 1).Should().BeApproximately(best.Return!.Value, 1e-9);
        ColumnSet results = ParquetFile.Read(SweepFiles.PathOf(room.Data, sweep.SweepId, SweepFiles.Results), null, Ct);
        results["sharpe_ratio"].Doubles[best.ComboId - 1].Should().Be(best.Sharpe!.Value);
        results["allowed_hours"].Texts[0].Should().Be("[9,10,11,12,13,14,15]");
    }

    [Fact]
    [Trait("Row", "S0-17")]
    [Trait("Row", "S1-47")]
    public async Task The_leaderboard_file_is_the_object_of_the_spec()
    {
        StoredSweep sweep = await room.RunAsync();
        JsonObject board = JsonNode.Parse(File.ReadAllText(SweepFiles.PathOf(room.Data, sweep.SweepId, SweepFiles.Leaderboard)))!.AsObject();
        (board["sweep_id"]!.GetValue<string>(), board["model_id"]!.GetValue<string>()).Should().Be((sweep.SweepId, SomeSweep.Model.Id));
        int evaluated = board["evaluated"]!.GetValue<int>();
        evaluated.Should().Be(45);
        (board["passed_gates"]!.GetValue<int>() + board["marginal_gates"]!.GetValue<int>() + board["failed_gates"]!.GetValue<int>()).Should().Be(evaluated);
        board["leaderboard"]!.AsArray().Select(r => r!["rank"]!.GetValue<int>()).Should().Equal(Enumerable.Range(1, 45));
        board["leaderboard"]![0]!.AsObject().Select(f => f.Key).Should().Contain(
            ["rank", "combo_id", "config", "sharpe", "return", "trades", "max_drawdown", "gate", "gate_reasons", "config_hash", "selection_checkbox"]);

        // 252 + 253 + 252 sessions; a fifth of 757 is 151 whole ones; of 2021's 252 the 102nd is the first held out: 19 + 19 + 23 + 21 until
        // April, then the 20th of May.
        board["selection_window"]!.GetValue<string>().Should().Be("2019-01-02 to 2021-05-27, hold-out 2021-05-28 to 2021-12-31 never seen");
    }

    [Fact]
    [Trait("Row", "S1-48")]
    public async Task A_tick_stays_and_decides_what_is_trained()
    {
        StoredSweep sweep = await room.RunAsync();
        int[] best = [.. sweep.Chosen(2).Select(b => b.Row.ComboId)];
        int other = sweep.Leaderboard.Rows.Last(r => !best.Contains(r.ComboId)).ComboId;
        await room.Store.SelectAsync(sweep.SweepId, other, on: true, Ct);
        StoredSweep ticked = await room.Store.LoadAsync(sweep.SweepId, Ct);
        ticked.Combo(other).Row.IsSelected.Should().BeTrue();
        ticked.Chosen(2).Select(b => b.Row.ComboId).Should().Equal(other);
        ticked.Leaderboard.Hash.Hex.Should().Be(sweep.LeaderboardHash, "a person's tick is no part of the result");
        await room.Store.SelectAsync(sweep.SweepId, other, on: false, Ct);
        (await room.Store.LoadAsync(sweep.SweepId, Ct)).Chosen(2).Select(b => b.Row.ComboId).Should().Equal(best);
        (await Refusal(() => room.Store.SelectAsync(sweep.SweepId, 46, true, Ct))).Should().Be("SWS-3003");
    }

    [Fact]
    public async Task A_stored_combo_gives_the_config_and_the_bars_it_ran_with()
    {
        SweepWork work = SomeSweep.Work();
        StoredSweep sweep = await room.Store.LoadAsync((await room.RunAsync(work)).SweepId, Ct);
        EffectiveConfig config = sweep.ConfigOf(23, SomePack.Swing, SomeSweep.Model, work.Calendar);
        (config.Threshold, config.AllowedHours.ToString(), config.PositionSizePct).Should().Be((0.6, "[9,10,11]", 2));
        SweepInputs inputs = SweepInputs.Rebuild(sweep, SomePack.Swing, SomeSweep.Model, work.Bars, work.Calendar);
        SweepResult direct = SomeSweep.Run(work);
        inputs.Window.Should().Be(direct.Inputs.Window);
        inputs.Bars.Fills.Close.Should().Equal(direct.Fills.Close);
        sweep.HoldoutFirstUtcUs.Should().Be(direct.Fills.StartUtcUs[direct.Inputs.Window.HoldoutFrom]);
        sweep.StartUtcUs.Should().Be(direct.Fills.StartUtcUs[direct.Start]);
        (sweep.HoldoutShare, sweep.ScoreSource).Should().Be((0.2, "rule"));
    }

    [Fact]
    public async Task Another_pack_model_or_bars_than_the_sweeps_are_refused()
    {
        SweepWork work = SomeSweep.Work();
        StoredSweep sweep = await room.RunAsync(work);
        Action[] wrong =
        [
            () => SweepInputs.Rebuild(sweep, SomePack.With(("threshold: 25", "threshold: 26")), SomeSweep.Model, work.Bars, work.Calendar),
            () => SweepInputs.Rebuild(sweep, SomePack.Swing, SomeSweep.Model, work.Bars.Slice(0, work.Bars.Count - 700), work.Calendar),
            () => sweep.ConfigOf(1, SomePack.Swing, SomeSweep.Model with { Risk = SomeSweep.Model.Risk with { StopLossPct = 7 } }, work.Calendar),
        ];
        foreach (Action act in wrong)
        {
            act.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("SWS-3004");
        }
    }

    [Fact]
    public async Task A_range_with_one_open_end_is_stored_as_it_was_asked_for()
    {
        StoredSweep run = await room.RunAsync(SomeSweep.Work(SomeSweep.Simple with { To = null, Tag = "open" }));
        StoredSweep loaded = await room.Store.LoadAsync(run.SweepId, Ct);
        (loaded.Request.From, loaded.Request.To).Should().Be((new DateOnly(2019, 1, 2), null));
        (await room.Store.ListAsync("open", null, Ct)).Should().ContainSingle();
        (await room.Store.ListAsync("shut", null, Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_sweep_that_the_data_do_not_carry_has_failed_with_its_code()
    {
        SweepWork work = SomeSweep.Work(SomeSweep.Simple with { From = new(2021, 11, 1) });
        (await Refusal(() => room.RunAsync(work))).Should().Be("SWS-2001");
        SweepRecord record = (await room.Store.ListAsync(null, null, Ct)).Single();
        (record.Status, record.Problem!.Code, record.Log[^1].Status).Should().Be(("failed", "SWS-2001", "failed"));
        record.Log[^1].Message.Should().StartWith("SWS-2001");
    }

    [Fact]
    public async Task A_combo_that_breaks_fails_the_sweep()
    {
        (await Refusal(() => room.JobsWith(new BrokenConfidence()).RunAsync(SomeSweep.Work(), "user:operator", false, 1, null, Ct))).Should().Be("SWS-3001");
        (await room.Store.ListAsync(null, null, Ct)).Single().Problem!.Message.Should().Contain("no column");
    }

    [Fact]
    public async Task A_file_with_other_bytes_or_none_is_refused()
    {
        StoredSweep sweep = await room.RunAsync();
        StoredSweep loaded = await room.Store.LoadAsync(sweep.SweepId, Ct);
        loaded.Files.Keys.Should().BeEquivalentTo(SweepFiles.Results, SweepFiles.Trades, SweepFiles.Returns, SweepFiles.Leaderboard);
        room.Store.VerifyFiles(loaded);
        string path = SweepFiles.PathOf(room.Data, sweep.SweepId, SweepFiles.Returns);
        File.AppendAllText(path, "x");
        ((Action)(() => room.Store.VerifyFiles(loaded))).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("SWS-3006");
        File.Delete(path);
        ((Action)(() => room.Store.VerifyFiles(loaded))).Should().Throw<ProblemException>().WithMessage("*missing*");
    }

    [Fact]
    public async Task An_unknown_sweep_is_refused() => (await Refusal(() => room.Store.LoadAsync("sweep_none", Ct))).Should().Be("SWS-3003");

    [Fact]
    public async Task Creating_cancelling_and_exporting_are_audited_and_the_export_has_every_combo()
    {
        StoredSweep sweep = await room.RunAsync();
        var csv = new StringWriter();
        await room.Store.ExportAsync(sweep.SweepId, csv, "user:operator", Ct);
        SweepBegun other = await room.Store.BeginAsync(SomeSweep.Work(), "user:operator", force: true, Ct);
        await room.Store.CancelAsync(other.SweepId, "user:operator", Ct);
        (await AuditChain.OfSubjectAsync(room.Rows, $"sweep:{sweep.SweepId}", Ct)).Select(a => a.Action).Should().Equal("sweep.create", "sweep.export");
        (await AuditChain.OfSubjectAsync(room.Rows, $"sweep:{other.SweepId}", Ct)).Select(a => a.Action).Should().Equal("sweep.create", "sweep.cancel");
        string[] lines = csv.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(46);
        lines.Select(l => l.Split(',').Length).Distinct().Should().ContainSingle();
        lines[1].Should().StartWith($"1,{sweep.Leaderboard.Rows[0].ComboId},");
    }

    public void Dispose() => room.Dispose();

    private static async Task<string> Refusal(Func<Task> act) => (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code;

    private sealed class BrokenConfidence : IConfidenceSource
    {
        public string KeyOf(EffectiveConfig config) => config.IndicatorKey;

        public ConfidenceColumn For(ConfidencePair pair, CancellationToken ct) => throw new InvalidOperationException("There is no column.");
    }
}

public sealed class SweepStoreOnSqliteTests : SweepStoreTests;

[OnStore(StoreEngine.Postgres)]
public sealed class SweepStoreOnPostgresTests : SweepStoreTests;
