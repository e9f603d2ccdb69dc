using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Symbols;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Market.Simulator;

namespace Sigmatiq.Tests.Market.Bars;

public sealed class BarStoreTests
{
    private static readonly BarOrigin Origin = new("import", "test-1");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bars_come_back_as_they_were_put_bit_for_bit()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        for (int seed = 0; seed < 6; seed++)
        {
            Rng rng = Rng.From(seed);
            BarColumns bars = MadeBars.OnSessions(seed % 2 == 0 ? Interval.Hour1 : Interval.Day1, new(2023, 11, 20), new(2024, 2, 9), rng, $"T{seed}");
            bars.Volume[rng.NextInt(bars.Count)] = double.NaN;
            BarSnapshot snapshot = (await market.Store.PutAsync([new(bars, Origin, null)], Ct))[0];
            BarColumns read = market.Store.Read(snapshot.Id, Ct);
            MarketSimulatorTests.AssertSame(read, bars);
            read.Symbol.Should().Be(bars.Symbol);
            read.Interval.Should().Be(bars.Interval);
            (await market.Store.RequireAsync(bars.Symbol, bars.Interval, Ct)).Should().BeEquivalentTo(snapshot, $"seed {seed}");
        }

        (await market.Store.ListAsync(Ct)).Should().HaveCount(6);
        market.Facts().Should().Contain(f => f.StartsWith("bars/equity/1h/symbol=T0/2023-", StringComparison.Ordinal) && f.EndsWith(".parquet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_bars_are_the_same_snapshot_and_write_nothing()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Hour1, new(2024, 1, 2), new(2024, 1, 31), Rng.From(1));
        BarSnapshot first = (await market.Store.PutAsync([new(bars, Origin, null)], Ct))[0];
        string[] facts = market.Facts();
        BarSnapshot second = (await market.Store.PutAsync([new(bars, Origin, first)], Ct))[0];
        second.Id.Should().Be(first.Id);
        market.Facts().Should().Equal(facts);
        (await market.RowsIn("bar_snapshots", Ct)).Should().Be(1);
    }

    [Fact]
    public async Task An_id_changes_with_bars_range_and_source_version_and_with_nothing_else()
    {
        using MarketFixture one = await MarketFixture.CreateAsync(Ct), other = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Day1, new(2024, 1, 2), new(2024, 3, 28), Rng.From(1));
        async Task<ContentHash> IdIn(MarketFixture market, BarColumns b, BarOrigin origin) =>
            (await market.Store.PutAsync([new(b, origin, await market.Store.LatestAsync(b.Symbol, b.Interval, Ct))], Ct))[0].Id;

        ContentHash id = await IdIn(one, bars, Origin);
        (await IdIn(other, bars, Origin)).Should().Be(id, "another directory holds the same bytes");
        (await IdIn(other, bars, Origin with { Version = "test-2" })).Should().NotBe(id);
        (await IdIn(other, bars.Slice(0, bars.Count - 1), Origin)).Should().NotBe(id);
        double[] close = [.. bars.Close];
        close[7] = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(close[7]) + 1);
        (await IdIn(other, new(bars.Symbol, bars.Interval, bars.StartUtcUs, bars.Open, bars.High, bars.Low, close, bars.Volume), Origin)).Should().NotBe(id);
    }

    [Fact]
    public async Task A_correction_is_a_new_file_and_the_old_snapshot_still_reads_its_own_bars()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Hour1, new(2023, 12, 1), new(2024, 1, 31), Rng.From(1));
        BarSnapshot old = (await market.Store.PutAsync([new(bars, Origin, null)], Ct))[0];
        string[] before = market.Facts();
        double[] volume = [.. bars.Volume];
        volume[^1] += 1;
        BarColumns corrected = new(bars.Symbol, bars.Interval, bars.StartUtcUs, bars.Open, bars.High, bars.Low, bars.Close, volume);
        BarSnapshot fresh = (await market.Store.PutAsync([new(corrected, Origin, old)], Ct))[0];

        market.Facts().Should().Contain(before);
        market.Facts().Count(f => f.EndsWith(".parquet", StringComparison.Ordinal)).Should().Be(3, "2023 is shared, 2024 is there twice");
        market.Store.Read(old.Id, Ct).Volume.Should().Equal(bars.Volume);
        market.Store.Read(fresh.Id, Ct).Volume.Should().Equal(volume);
        (await market.Store.RequireAsync(bars.Symbol, bars.Interval, Ct)).Id.Should().Be(fresh.Id);
    }

    [Fact]
    public async Task One_flipped_bit_in_a_file_is_found_before_a_bar_is_read()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Day1, new(2024, 1, 2), new(2024, 12, 31), Rng.From(1));
        BarSnapshot snapshot = (await market.Store.PutAsync([new(bars, Origin, null)], Ct))[0];
        string file = Path.Combine(market.Data.Root, market.Facts().Single(f => f.EndsWith(".parquet", StringComparison.Ordinal)));
        byte[] bytes = await File.ReadAllBytesAsync(file, Ct);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Ct);

        Problem problem = ((Action)(() => market.Store.Read(snapshot.Id, Ct))).Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be("STO-3003");
        problem.Exit.Should().Be(ExitCode.DataRefused);
        market.Store.Verify(snapshot.Id, Ct).Should().ContainSingle();
    }

    [Fact]
    public async Task A_series_that_another_process_moved_on_is_not_overwritten()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Day1, new(2024, 1, 2), new(2024, 3, 28), Rng.From(1));
        BarSnapshot first = (await market.Store.PutAsync([new(bars.Slice(0, 10), Origin, null)], Ct))[0];
        BarSnapshot second = (await market.Store.PutAsync([new(bars.Slice(0, 20), Origin, first)], Ct))[0];

        foreach (BarSnapshot? stale in new[] { first, null })
        {
            Func<Task> late = () => market.Store.PutAsync([new(bars, Origin, stale)], Ct);
            (await late.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MKT-4003");
        }

        (await market.Store.RequireAsync(bars.Symbol, Interval.Day1, Ct)).Id.Should().Be(second.Id);
        (await market.RowsIn("bar_snapshots", Ct)).Should().Be(2, "a refused state leaves no row");
    }

    [Fact]
    public async Task What_is_not_there_is_refused_by_name()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        (await Code(() => market.Store.RequireAsync(Symbol.Parse("SPY"), Interval.Hour1, Ct))).Should().Be("MKT-4001");
        (await Code(() => market.Store.FindAsync(ContentHash.Of("nothing"), Ct))).Should().Be("MKT-4002");
        ((Action)(() => market.Store.Read(ContentHash.Of("nothing"), Ct))).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-3001");
    }

    private static async Task<string> Code(Func<Task> act) => (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code;
}
