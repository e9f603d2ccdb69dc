using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Grid;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Packs;

namespace Sigmatiq.Tests.Backtest.Sweeps;

public sealed class SweepWorksTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_sweeps_on_the_content_it_is_pinned_to_and_while_that_is_in_use()
    {
        using TemporaryFolder folder = new();
        DataDirectory data = new(folder.Path);
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct);
        PackLibrary library = new(folder["packs"]);
        PackLibraryTests.CopyTo(folder["packs", "swingsigma", "1.1.0"], SomePack.Texts());
        ModelStore models = new(rows, data, TimeProvider.System);
        ModelCreated made = await models.CreateAsync(ModelBuilder.Default(library.Load("swingsigma"), "MKT.SYN", "operator", []), library.Load("swingsigma"), Ct);
        SweepWorks works = new(library, models, new BarStore(data, rows, TimeProvider.System, IdSource.FromSeed(TimeProvider.System, 1)));
        SweepRequest request = SweepRequest.Simple(made.Model.Id, new(2019, 1, 2), new(2021, 12, 31));
        (await works.PlanAsync(request, "operator", Plan.Unlimited, Ct)).ComboIds.Should().HaveCount(45);

        PackLibraryTests.CopyTo(folder["packs", "swingsigma", "1.1.0"], SomePack.Texts(("period: 14", "period: 15")));
        (await RefusalAsync()).Should().Be("PCK-1009", "the files of the version are no longer what the model was made on");
        PackLibraryTests.CopyTo(folder["packs", "swingsigma", "1.1.0"], SomePack.Texts());
        (await works.PlanAsync(request, "operator", Plan.Unlimited, Ct)).ComboIds.Should().HaveCount(45);
        PackLibraryTests.CopyTo(folder["packs", "swingsigma", "4.0.0"], SomePack.Texts(("version: \"1.1.0\"", "version: \"4.0.0\"")));
        (await RefusalAsync()).Should().Be("MDL-1011");

        async Task<string> RefusalAsync()
        {
            Func<Task> plan = () => works.PlanAsync(request, "operator", Plan.Unlimited, Ct);
            return (await plan.Should().ThrowAsync<ProblemException>()).Which.Problem.Code;
        }
    }
}
