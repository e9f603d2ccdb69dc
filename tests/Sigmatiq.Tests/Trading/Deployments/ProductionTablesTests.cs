using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Tests.Store;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;

namespace Sigmatiq.Tests.Trading.Deployments;

/// <summary>The tables of 04 §4.19 that readers outside look at.</summary>
public abstract class ProductionTablesTests(StoreEngine engine)
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 14, 30, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "S2-22")]
    public async Task Five_tables_are_filled_in_one_transaction_and_the_same_again_changes_nothing()
    {
        await using StoreFixture store = await StoreFixture.CreateAsync(engine);
        Approval approved = Deploy(store.Data, """
            [
              {"timestamp":"2024-01-02T15:30:00Z","exit_timestamp":"2024-01-03T15:30:00Z","side":"LONG","entry_price":100,"exit_price":110,"pnl_usd":1000,"pnl_pct":10,"exit_reason":"take_profit","equity_at_entry":10000,"equity_at_exit":11000,"leverage":1,"mfe_pct":12},
              {"timestamp":"2024-01-04T15:30:00Z","exit_timestamp":"2024-01-05T15:30:00Z","side":"LONG","entry_price":100,"exit_price":80,"pnl_usd":-2200,"pnl_pct":-20,"exit_reason":"hard_stop","equity_at_entry":11000,"equity_at_exit":8800,"leverage":1,"mfe_pct":0},
              {"timestamp":"2024-01-08T15:30:00Z","exit_timestamp":null,"side":"LONG","entry_price":90,"exit_price":null,"pnl_usd":null,"pnl_pct":null,"exit_reason":"open","equity_at_entry":8800,"equity_at_exit":8900,"leverage":1,"mfe_pct":1}
            ]
            """);
        SeededPrediction[] predictions = [new(Now, "tm_1", 101.5, 0.61, 0.4, 0.55, 1), new(Now.AddHours(1), "tm_1", 102, null, null, 0.55, 0)];
        (await ProductionTables.SeedAsync(store.Rows, store.Data, approved, predictions, Ct)).Values.Should().Equal(2, 3, 3, 3, 2);
        string first = await DumpAsync(store.Rows);
        await ProductionTables.SeedAsync(store.Rows, store.Data, approved, predictions, Ct);
        (await DumpAsync(store.Rows)).Should().Be(first);

        // By hand: 10,000 to 11,000 is 10%; to 8,800 is −12% in all and 20% under the peak; one of two won.
        IReadOnlyList<Standing> standings = await store.Rows.QueryAsync<Standing>(
            "select cumulative_pct, running_win_rate_pct, max_dd_pct, consecutive_losses from pack_paper_trading order by signal_utc", null, Ct);
        standings.Select(s => (Math.Round(s.CumulativePct, 9), s.RunningWinRatePct, Math.Round(s.MaxDdPct, 9), s.ConsecutiveLosses)).Should().Equal((10, 100, 0, 0L), (-12, 50, 20, 1L));
        (await store.Rows.QueryAsync<string>("select status from pack_executions order by signal_utc", null, Ct)).Should().Equal("closed", "closed", "positioned");
        (await store.Rows.FirstAsync<double>("select peak_price from pack_subtrades order by signal_utc limit 1", null, Ct)).Should().BeApproximately(112, 1e-9);
    }

    [Fact]
    public async Task What_is_not_approved_or_not_deployed_fills_nothing()
    {
        await using StoreFixture store = await StoreFixture.CreateAsync(engine);
        Approval approved = Deploy(store.Data, "[]");
        Approval pending = approved with { Status = ApprovalStatus.PendingApproval };
        (await FluentActions.Awaiting(() => ProductionTables.SeedAsync(store.Rows, store.Data, pending, [], Ct)).Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("DEP-1009");
        File.Delete(Path.Combine(store.Data.Public, "data", "production", ProductionFiles.TradesOf(approved)));
        (await FluentActions.Awaiting(() => ProductionTables.SeedAsync(store.Rows, store.Data, approved, [], Ct)).Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("DEP-1009");
    }

    [Fact]
    public async Task The_views_over_the_weekly_tables_add_up()
    {
        await using StoreFixture store = await StoreFixture.CreateAsync(engine);
        foreach ((string date, double pnl, double total) in new[] { ("2026-01-05", 1.5, 1.5), ("2026-01-12", -0.5, 1.0) })
        {
            await store.Rows.ExecuteAsync(
                "insert into forecast_h5_paper_trading (signal_date, week_pnl_pct, cumulative_pct, max_dd_pct, n_weeks, n_long, n_short, consecutive_losses, circuit_breaker) values (@date, @pnl, @total, 0.5, 1, 1, 0, 0, 0)",
                new { date, pnl, total }, Ct);
        }

        (await store.Rows.FirstAsync<Summary>("select n_weeks, n_wins, best_cumulative_pct, worst_week_pct from v_h5_performance_summary", null, Ct)).Should().Be(new Summary(2, 1, 1.5, -0.5));
        (await store.Rows.QueryAsync<string>("select inference_date from v_h5_collapse_monitor", null, Ct)).Should().BeEmpty();
    }

    private static Approval Deploy(DataDirectory data, string trades)
    {
        AtomicFile.Write(data.File("bundle", "summary_2024.json"), """{"strategy_id":"s"}""");
        AtomicFile.Write(data.File("bundle", "trades_2024.json"), new JsonObject { ["trades"] = JsonNode.Parse(trades) }.ToJsonString());
        Approval asked = Some.Approval(Now, [.. ((string[])["summary_2024.json", "trades_2024.json"]).Select(f => new EvidenceFile($"bundle/{f}", ContentHash.OfFile(data.File("bundle", f)).Hex))]);
        Approval approved = ApprovalRules.Cast(asked, Some.Vote(asked), EvidenceNow.Of(asked.Digest), Now).Approval;
        ProductionFiles.Write(data, approved, Now).Should().Contain(ProductionFiles.TradesOf(approved));
        return approved;
    }

    private static async Task<string> DumpAsync(IRowStore rows)
    {
        List<string> all = [];
        foreach (string table in ProductionTables.Names)
        {
            all.AddRange((await rows.QueryAsync<object>($"select * from {table} order by 1, 2", null, Ct)).Select(r => $"{table} {string.Join("|", (IDictionary<string, object>)r)}"));
        }

        return string.Join("\n", all);
    }

    private sealed record Standing(double CumulativePct, double RunningWinRatePct, double MaxDdPct, long ConsecutiveLosses);

    private sealed record Summary(long NWeeks, long NWins, double BestCumulativePct, double WorstWeekPct);
}

public sealed class ProductionTablesOnSqliteTests() : ProductionTablesTests(StoreEngine.Sqlite);

public sealed class ProductionTablesOnPostgresTests() : ProductionTablesTests(StoreEngine.Postgres);
