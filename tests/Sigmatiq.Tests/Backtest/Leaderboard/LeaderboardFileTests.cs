using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Metrics;

namespace Sigmatiq.Tests.Backtest.Leaderboard;

public sealed class LeaderboardFileTests
{
    [Fact]
    [Trait("Row", "S0-17")]
    [Trait("Row", "S1-95")]
    public void Ranks_go_by_sharpe_and_every_tie_is_settled()
    {
        LeaderboardOrder.Entry Of(int id, GateStatus gate, double? sharpe, double totalReturn = 0, double winRate = 0.5, double drawdown = -0.1) =>
            new(id, gate, new() { SharpeRatio = sharpe, TotalReturn = totalReturn, WinRate = winRate, MaxDrawdown = drawdown });
        LeaderboardOrder.Rank(
        [
            Of(1, GateStatus.Fail, 9), Of(2, GateStatus.Pass, null), Of(3, GateStatus.Pass, 1), Of(4, GateStatus.Marginal, 2),
            Of(5, GateStatus.Pass, 1.0000004, 0.2), Of(6, GateStatus.Pass, 1, 0.2, 0.6), Of(7, GateStatus.Pass, 1, 0.2, 0.6, -0.05),
            Of(8, GateStatus.Pass, 1, 0.2, 0.6, -0.05), Of(9, GateStatus.Fail, null), Of(10, GateStatus.Pass, 1.000001),
        ]).Select(e => e.ComboId).Should().Equal([4, 10, 7, 8, 6, 5, 3, 2, 1, 9],
            "a difference below six decimals is none; then return, win rate, the smaller drawdown, the lower id; what fails comes last");
    }

    [Fact]
    [Trait("Row", "S1-47")]
    public void Passed_marginal_and_failed_are_all_there_are()
    {
        LeaderboardFile board = Board((1, GateStatus.Pass, null), (2, GateStatus.Marginal, null), (3, GateStatus.Fail, null), (4, GateStatus.Fail, null));
        (board.Passed, board.Marginal, board.Failed).Should().Be((1, 1, 2));
        (board.Passed + board.Marginal + board.Failed).Should().Be(board.ToJson("sweep_1", 4)["evaluated"]!.GetValue<int>());
    }

    [Fact]
    public void The_best_are_different_from_each_other_and_the_best_ranked_of_a_kind_stands()
    {
        // By rank: 7 and 2 trade as 1 does, 8 as 5 does.
        LeaderboardFile board = Board((7, GateStatus.Pass, 1), (1, GateStatus.Pass, null), (2, GateStatus.Pass, 1), (8, GateStatus.Marginal, 5), (5, GateStatus.Pass, null),
            (4, GateStatus.Fail, null));
        board.Best(2).Select(b => (b.Row.ComboId, b.IsGateFailed)).Should().Equal((7, false), (8, false));
        board.Best(5).Select(b => b.Row.ComboId).Should().Equal([7, 8], "what failed is not taken while others pass");
    }

    [Fact]
    public void Where_none_passes_the_best_ranked_are_taken_and_marked()
    {
        LeaderboardFile board = Board((3, GateStatus.Fail, null), (4, GateStatus.Fail, 3), (9, GateStatus.Fail, null));
        board.Best(2).Select(b => (b.Row.ComboId, b.IsGateFailed)).Should().Equal((3, true), (9, true));
    }

    [Fact]
    public void The_hash_forgets_ids_times_and_ticks_and_nothing_else()
    {
        LeaderboardFile board = Board((1, GateStatus.Pass, null), (2, GateStatus.Fail, null));
        (board with { Rows = [board.Rows[0] with { IsSelected = true }, board.Rows[1]] }).Hash.Should().Be(board.Hash);
        board.ToJson("sweep_a", 2)["leaderboard_hash"]!.GetValue<string>().Should().Be(board.ToJson("sweep_b", 2)["leaderboard_hash"]!.GetValue<string>());
        (board with { Rows = [board.Rows[0] with { Sharpe = 1.0000000001 }, board.Rows[1]] }).Hash.Should().NotBe(board.Hash);
    }

    private static LeaderboardFile Board(params (int Id, GateStatus Gate, int? DuplicateOf)[] rows) => new("model", "rule",
        [.. rows.Select((r, i) => new LeaderboardRow(
            i + 1, r.Id, new() { ["threshold"] = 0.5 }, 1, null, null, 0.1, 30, -0.1, r.Gate, [], new string('a', 64), r.DuplicateOf, false))]);
}
