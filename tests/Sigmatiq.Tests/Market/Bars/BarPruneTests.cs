using Sigmatiq.Market.Bars;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Market.Bars;

public sealed class BarPruneTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_no_snapshot_in_use_names_goes_and_all_else_stays()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Hour1, new(2023, 12, 1), new(2024, 2, 1), Rng.From(1));
        BarSnapshot first = (await market.Store.PutAsync([new(bars.Slice(0, 60), BarOrigin.Import, null)], Ct))[0];
        BarSnapshot used = (await market.Store.PutAsync([new(bars.Slice(0, 100), BarOrigin.Import, first)], Ct))[0];
        BarSnapshot newest = (await market.Store.PutAsync([new(bars.Slice(0, 200), BarOrigin.Import, used)], Ct))[0];
        string aside = Path.Combine(Path.GetDirectoryName(market.Data.File(market.Store.Manifest(newest.Id).Files[0].Path))!, ".2024.parquet.killed.aside");
        await File.WriteAllTextAsync(aside, "half written", Ct);
        Task<bool> IsUsed(ContentHash id) => Task.FromResult(id == used.Id);

        BarPrune prune = new(market.Data, market.Store);
        string[] before = market.Facts();
        Pruned planned = await prune.RunAsync(IsUsed, dryRun: true, Ct);
        market.Facts().Should().Equal(before, "a dry run removes nothing");
        Pruned pruned = await prune.RunAsync(IsUsed, dryRun: false, Ct);

        pruned.Should().BeEquivalentTo(planned);
        pruned.Snapshots.Should().Equal(first.Id);
        pruned.Kept.Should().Be(2);
        pruned.Files.Should().HaveCount(2, "December's first hours alone, and what a killed writer left").And.Contain(f => f.EndsWith(".aside", StringComparison.Ordinal));
        market.Store.Read(used.Id, Ct).Count.Should().Be(100);
        market.Store.Read(newest.Id, Ct).Count.Should().Be(200);
        ((Action)(() => market.Store.Read(first.Id, Ct))).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-3001");
        (await prune.RunAsync(IsUsed, dryRun: false, Ct)).Files.Should().BeEmpty("a second time there is nothing left");
    }

    [Fact]
    public async Task Writing_and_pruning_keep_out_of_each_others_way()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Hour1, new(2024, 1, 2), new(2024, 1, 5), Rng.From(1));
        BarPrune prune = new(market.Data, market.Store);
        Func<Task> pruning = () => prune.RunAsync(_ => Task.FromResult(false), dryRun: false, Ct);
        using (BarPrune.Writing(market.Data))
        {
            (await pruning.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MKT-4005");
            await market.Store.PutAsync([new(bars, BarOrigin.Import, null)], Ct);
        }

        Func<Task> writing = () => market.Store.PutAsync([new(bars.Slice(0, 5), BarOrigin.Import, null)], Ct);
        Pruned whileHeld = await prune.RunAsync(
            async _ =>
            {
                (await writing.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MKT-4004");
                return true;
            }, dryRun: false, Ct);
        whileHeld.Snapshots.Should().BeEmpty();
    }

    [Fact]
    public async Task A_manifest_that_cannot_be_trusted_stops_a_pruning_before_anything_goes()
    {
        using MarketFixture market = await MarketFixture.CreateAsync(Ct);
        BarColumns bars = MadeBars.OnSessions(Interval.Hour1, new(2024, 1, 2), new(2024, 1, 12), Rng.From(1));
        BarSnapshot first = (await market.Store.PutAsync([new(bars.Slice(0, 20), BarOrigin.Import, null)], Ct))[0];
        BarSnapshot newest = (await market.Store.PutAsync([new(bars, BarOrigin.Import, first)], Ct))[0];
        string manifest = Path.Combine(market.Data.Snapshots, newest.Id.Hex + ".json");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest, Ct)).Replace("\"rows\":", "\"rows\":1", StringComparison.Ordinal), Ct);
        string[] facts = market.Facts();
        Func<Task> pruning = () => new BarPrune(market.Data, market.Store).RunAsync(_ => Task.FromResult(false), dryRun: false, Ct);
        (await pruning.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-3004");
        market.Facts().Should().Equal(facts);
    }
}
