using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Leaderboard;

namespace Sigmatiq.Tests.Backtest.Leaderboard;

public sealed class NearDuplicatesTests
{
    [Fact]
    public void One_parameter_and_nine_tenths_of_the_trades_make_a_near_duplicate()
    {
        // Twenty trades; 19 shared are 95 %, 18 are exactly 90 % and not above it.
        LeaderboardRow[] rows =
        [
            Row(1, 1, 0.5, 4), Row(2, 2, 0.5, 6), Row(3, 3, 0.6, 4), Row(4, 4, 0.6, 6), Row(5, 5, 0.7, 4), Row(6, 6, 0.5, 8, duplicateOf: 1), Row(7, 7, 0.8, 4),
        ];
        Dictionary<int, IReadOnlySet<(int, int)>> trades = new()
        {
            [1] = Trades(0, 20), [2] = Trades(1, 20), [3] = Trades(2, 20), [4] = Trades(0, 20), [5] = Trades(0, 19), [6] = Trades(0, 20),
        };
        IReadOnlyDictionary<int, int> near = NearDuplicates.Of(rows, trades);
        near.Should().Equal(new Dictionary<int, int>
        {
            [2] = 1, // the stop differs, 19 of 20 shared
            [4] = 2, // of 2 the threshold differs, 19 of 20 shared; of 1 both parameters do
            [5] = 1, // 19 of 20
            [6] = 2, // exactly the trades of 1, which is another mark; of 2 it shares 19
        });
    }

    [Fact]
    public void The_overlap_is_of_the_one_that_has_more_and_nothing_overlaps_with_nothing()
    {
        NearDuplicates.Overlap(Trades(0, 5), Trades(0, 20)).Should().Be(0.25);
        NearDuplicates.Overlap(Trades(0, 0), Trades(0, 0)).Should().Be(0);
    }

    private static HashSet<(int, int)> Trades(int from, int count) => [.. Enumerable.Range(from, count).Select(t => (t * 10, (t * 10) + 5))];

    private static LeaderboardRow Row(int rank, int id, double threshold, double stop, int? duplicateOf = null) => new(
        rank, id, new JsonObject { ["threshold"] = threshold, ["stop_loss_pct"] = stop }, 1, null, null, 0.1, 20, -0.1, GateStatus.Pass, [], new string('a', 64), duplicateOf, false);
}
