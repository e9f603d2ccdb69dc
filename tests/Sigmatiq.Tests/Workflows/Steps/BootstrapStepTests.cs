using Sigmatiq.Market.Bars;
using Sigmatiq.Market.Simulator;
using Sigmatiq.Market.Sources;
using Sigmatiq.Packs;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Migrations;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Packs;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.Workflows.Steps;

public sealed class BootstrapStepTests : IAsyncLifetime
{
    // Its first strategy, the default one, would have to see an index of relative strength above its range.
    private static readonly (string, string) Idle = ("\"adx > 25\"", "\"rsi > 100\""), Broken = ("\"adx > 25\"", "\"adx > nosuch\"");

    private readonly TemporaryFolder folder = new();
    private readonly List<string> lines = [];
    private SqliteRowStore rows = null!;
    private PackLibrary library = null!;
    private PublishedPacks published = null!;
    private BootstrapStep step = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        DataDirectory data = new(folder["data"]);
        rows = await SqliteRowStore.OpenAsync(data.RowsFile, TimeProvider.System, Ct);
        await Migrator.RunAsync(rows, Migration.Embedded(rows.Dialect), TimeProvider.System, Ct);
        BarStore bars = new(data, rows, TimeProvider.System, IdSource.FromSeed(TimeProvider.System, 1));
        library = new(folder["packs"]);
        published = new(rows, TimeProvider.System);
        step = new(library, published, bars, new(bars, [new SimulatorSource(MarketSimulator.Default)]));
    }

    public ValueTask DisposeAsync()
    {
        rows.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_pack_with_an_error_stops_the_bootstrap_with_the_linters_code_and_place_and_nothing_is_published()
    {
        Put("1.1.0");
        Put("1.2.0", Broken);
        Problem problem = await RefusalAsync();
        problem.Code.Should().Be("PCK-1006");
        problem.Where.Should().StartWith("swingsigma/1.2.0/strategies.yaml:");
        problem.Message.Should().Contain("nosuch");
        (await PublishedAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_built_in_pack_whose_default_strategy_does_not_trade_is_not_published()
    {
        Put("1.1.0", Idle);
        (await RefusalAsync()).Code.Should().Be("PCK-2003");
        (await PublishedAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_pack_without_an_error_is_published_with_its_warnings_in_the_log_and_linted_once()
    {
        Put("1.1.0");
        (await RunAsync()).Should().BeOfType<StepOutcome.Succeeded>();
        (await PublishedAsync()).Should().Be(1);
        lines.Should().Contain(l => l.StartsWith("PCK-2006 swingsigma/1.1.0/policies.yaml:"));
        lines.Clear();
        (await RunAsync()).Should().BeOfType<StepOutcome.Succeeded>();
        lines.Should().ContainSingle("what is published stays as it is").Which.Should().StartWith("1 pack versions");
    }

    [Fact]
    public async Task A_pack_that_was_published_is_not_refused_by_a_later_linter_and_one_that_was_changed_since_is()
    {
        Put("1.1.0", Idle);
        await published.PublishAsync(library.Load("swingsigma@1.1.0"), "an earlier program", Ct);
        (await RunAsync()).Should().BeOfType<StepOutcome.Succeeded>();
        Put("1.1.0");
        (await RefusalAsync()).Code.Should().Be("PCK-1009");
    }

    private Task<StepOutcome> RunAsync() => step.RunAsync(
        new()
        {
            Run = new("run_1"), Step = "bootstrap", Index = 0, Attempt = 1, Seed = 7, RequestedBy = "operator", AsOfUtc = new(2018, 2, 1, 3, 4, 5, TimeSpan.Zero), OnLog = lines.Add,
        },
        new BootstrapInput(), Ct);

    private async Task<Problem> RefusalAsync() => (await FluentActions.Awaiting(RunAsync).Should().ThrowAsync<ProblemException>()).Which.Problem;

    private Task<int> PublishedAsync() => rows.FirstAsync<int>("select count(*) from published_packs", null, Ct);

    private void Put(string version, params (string From, string To)[] changes)
    {
        string pack = Directory.CreateDirectory(folder["packs", "swingsigma", version]).FullName;
        foreach (var (name, text) in SomePack.Texts(changes))
        {
            File.WriteAllText(Path.Combine(pack, name), text.Replace("1.1.0", version, StringComparison.Ordinal));
        }
    }
}
