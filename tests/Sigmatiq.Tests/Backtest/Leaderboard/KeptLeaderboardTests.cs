using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Backtest.Sweeps;

namespace Sigmatiq.Tests.Backtest.Leaderboard;

/// <summary>Leaderboards that are kept say what those say that are formed anew each time.</summary>
public abstract class KeptLeaderboardTests : IDisposable
{
    private const string OtherThresholds = """{"thresholds": [0.41, 0.52, 0.61], "allowed_hours": [[11]], "position_size_pct": [2]}""";

    private readonly SweepRoom room = SweepRoom.Open();

    private static CancellationToken Ct => SweepRoom.Ct;

    [Fact]
    public async Task Whatever_is_asked_for_the_kept_columns_are_those_that_are_formed_anew()
    {
        StoredSweep sweep = await room.RunAsync();
        KeptByContent kept = new(10 << 20);
        LeaderboardColumns boards = new(room.Data, room.Store, kept), anew = new(room.Data, room.Store);
        string[] names = [.. (await anew.FactsAsync(sweep, Ct)).Names];
        names.Should().Contain(["deflated_sharpe", "near_duplicate_of", "selected"]);
        Rng rng = Rng.From(58);
        for (int i = 0; i < 24; i++)
        {
            HashSet<string> wanted = [.. names.Where(_ => rng.NextInt(3) > 0), "combo_id"];
            int? ranks = (i % 3) switch { 0 => null, 1 => 1, _ => 1 + rng.NextInt(45) };
            if (i == 10)
            {
                await room.Store.SelectAsync(sweep.SweepId, [3, 7], true, Ct);
            }
            else if (i == 16)
            {
                await room.RunAsync(SomeSweep.Work(SomeSweep.Custom(OtherThresholds)));
            }

            Deflation deflation = await room.Ledger.DeflationAsync(sweep, Ct);
            IReadOnlySet<int> ticked = await room.Store.SelectedAsync(sweep.SweepId, Ct);
            ColumnSet expected = await anew.ReadAsync(sweep, deflation, ticked, wanted.Contains, ranks, Ct);
            for (int again = 0; again < 2; again++)
            {
                Same(await boards.ReadAsync(sweep, deflation, ticked, wanted.Contains, ranks, Ct), expected, $"turn {i}, ranks {ranks}, {string.Join(',', wanted)}");
            }
        }

        kept.Bytes.Should().BePositive().And.BeLessThanOrEqualTo(10 << 20);
    }

    [Fact]
    public async Task A_kept_count_of_trials_is_another_one_as_soon_as_there_is_another_trial()
    {
        TrialLedger ledger = new(room.Rows, new(1 << 20));
        SweepWork work = SomeSweep.Work();
        (await ledger.CountAsync(work.Hypothesis, Ct)).Raw.Should().Be(0);
        await room.RunAsync(work);
        TrialCount first = await ledger.CountAsync(work.Hypothesis, Ct);
        first.Should().Be(await room.Ledger.CountAsync(work.Hypothesis, Ct));
        first.Raw.Should().Be(45);
        (await ledger.CountAsync(work.Hypothesis, Ct)).Should().BeSameAs(first, "nothing was tried meanwhile");
        await room.RunAsync(SomeSweep.Work(SomeSweep.Custom(OtherThresholds)));
        TrialCount second = await ledger.CountAsync(work.Hypothesis, Ct);
        second.Should().Be(await room.Ledger.CountAsync(work.Hypothesis, Ct));
        (second.Raw, second.Different > first.Different).Should().Be((48, true));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_missed_though_its_columns_are_kept()
    {
        StoredSweep sweep = await room.RunAsync();
        LeaderboardColumns boards = new(room.Data, room.Store, new(10 << 20));
        await boards.ReadAsync(sweep, null, null, n => n == "rank", null, Ct);
        File.Delete(SweepFiles.PathOf(room.Data, sweep.SweepId, SweepFiles.Results));
        (await FluentActions.Awaiting(() => boards.ReadAsync(sweep, null, null, n => n == "rank", null, Ct)).Should().ThrowAsync<Sigmatiq.Store.Errors.ProblemException>())
            .Which.Problem.Code.Should().Be("SWS-3006");
    }

    public void Dispose() => room.Dispose();

    private static void Same(ColumnSet one, ColumnSet other, string why)
    {
        one.Names.Should().Equal(other.Names, why);
        foreach (Column column in one)
        {
            Column expected = other[column.Name];
            (column.Type, column.Count).Should().Be((expected.Type, expected.Count), why);
            for (int row = 0; row < column.Count; row++)
            {
                ValueOf(column, row).Should().Be(ValueOf(expected, row), $"{column.Name} of row {row}, {why}");
            }
        }
    }

    private static object? ValueOf(Column column, int row) => column.IsNull(row) ? null : column.Type switch
    {
        ColumnType.Double => BitConverter.DoubleToInt64Bits(column.Doubles[row]),
        ColumnType.Long => column.Longs[row],
        ColumnType.Int => column.Ints[row],
        ColumnType.Bool => column.Bools[row],
        _ => column.Texts[row],
    };
}

public sealed class KeptLeaderboardOnSqliteTests : KeptLeaderboardTests;

[OnStore(StoreEngine.Postgres)]
public sealed class KeptLeaderboardOnPostgresTests : KeptLeaderboardTests;
