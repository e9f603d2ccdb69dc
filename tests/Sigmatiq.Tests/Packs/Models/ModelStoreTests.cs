using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Packs.Models;

public sealed class ModelStoreTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private DataDirectory data = null!;
    private IRowStore rows = null!;
    private ModelStore store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    public async ValueTask InitializeAsync()
    {
        data = new(folder.Path);
        rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct);
        store = new(rows, data, new Clock(SomePack.CreatedAt.AddMilliseconds(123)));
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Row", "S1-35")]
    public async Task Making_a_model_answers_in_the_shape_of_the_sources()
    {
        ModelCreated created = await store.CreateAsync(SomePack.Request, SomePack.Swing, Ct);
        CanonicalJson.Text(created.Model.ToResponse()).Should().Be(
            """{"model":{"created_at":"2024-01-15T10:00:00Z","id":"spy_swing_momentum_v1","next_step":"configure_sweep","status":"created"},"success":true}""");
        created.IsNew.Should().BeTrue();
    }

    [Fact]
    [Trait("Row", "S1-36")]
    public async Task The_config_lies_under_user_and_model_and_the_same_model_again_changes_nothing()
    {
        await store.CreateAsync(SomePack.Request, SomePack.Swing, Ct);
        string file = folder["models", "user_12345", "spy_swing_momentum_v1", "config.yaml"];
        string written = await File.ReadAllTextAsync(file, Ct);
        written.Should().Be(ModelConfigFile.Write(SomePack.Model));

        ModelStore later = new(rows, data, new Clock(SomePack.CreatedAt.AddDays(9)));
        File.Delete(file);
        ModelCreated again = await later.CreateAsync(SomePack.Request, SomePack.Swing, Ct);
        again.IsNew.Should().BeFalse();
        again.Model.CreatedAtUtc.Should().Be(SomePack.CreatedAt);
        (await File.ReadAllTextAsync(file, Ct)).Should().Be(written, "a lost file is written again as it was");
    }

    [Fact]
    [Trait("Row", "S1-36")]
    public async Task Another_content_under_the_same_id_or_name_is_refused()
    {
        await store.CreateAsync(SomePack.Request, SomePack.Swing, Ct);
        (await RefusedAsync(SomePack.Request with { Ticker = "QQQ" })).Should().Match<Problem>(p => p.Code == "MDL-1002" && p.Where == "model_id");
        (await RefusedAsync(SomePack.Request with { ModelId = "other" })).Should().Match<Problem>(p => p.Code == "MDL-1002" && p.Where == "name");
        (await store.CreateAsync(SomePack.Request with { UserId = "user_2" }, SomePack.Swing, Ct)).IsNew.Should().BeTrue("ids are a user's own");
        (await store.ListAsync(Ct)).Should().HaveCount(2);
        Directory.Exists(folder["models", "user_12345", "other"]).Should().BeFalse("nothing is left of what was refused");
    }

    [Fact]
    public async Task A_refused_request_leaves_nothing_behind()
    {
        (await RefusedAsync(SomePack.Request with { SelectedIndicators = [] })).Code.Should().Be("MDL-1007");
        (await store.ListAsync(Ct)).Should().BeEmpty();
        Directory.Exists(folder["models", "user_12345"]).Should().BeFalse();
    }

    [Fact]
    public async Task Twenty_makers_of_one_model_make_one()
    {
        ModelCreated[] all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => store.CreateAsync(SomePack.Request, SomePack.Swing, Ct), Ct)));
        all.Count(c => c.IsNew).Should().Be(1);
        (await store.ListAsync(Ct)).Should().HaveCount(1);
    }

    [Fact]
    public async Task States_are_kept_and_an_unknown_model_is_refused()
    {
        await store.CreateAsync(SomePack.Request, SomePack.Swing, Ct);
        await store.SetStateAsync("user_12345", "spy_swing_momentum_v1", "configured", "run_sweep", Ct);
        (await store.FindAsync("user_12345", "spy_swing_momentum_v1", Ct))!.NextStep.Should().Be("run_sweep");
        Func<Task> load = () => store.LoadAsync("user_12345", "nosuch", Ct), set = () => store.SetStateAsync("u", "nosuch", "a", "b", Ct);
        (await load.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MDL-1009");
        (await set.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MDL-1009");
    }

    [Fact]
    public async Task A_published_version_is_immutable()
    {
        PublishedPacks published = new(rows, new Clock(SomePack.CreatedAt));
        (await published.PublishAsync(SomePack.Swing, "team", Ct)).Should().BeTrue();
        (await published.PublishAsync(SomePack.Swing, "team", Ct)).Should().BeFalse();
        Pack changed = SomePack.With(("period: 14", "period: 15"));
        Func<Task> publish = () => published.PublishAsync(changed, "team", Ct);
        (await publish.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("PCK-1009");
        (await published.HashAsync("swingsigma", new(1, 1, 0), Ct)).Should().Be(SomePack.Swing.Hash.Hex);
        Func<Task> tamper = () => rows.ExecuteAsync("update published_packs set hash = 'x'", null, Ct);
        await tamper.Should().ThrowAsync<Exception>();
    }

    private async Task<Problem> RefusedAsync(ModelRequest request)
    {
        Func<Task> create = () => store.CreateAsync(request, SomePack.Swing, Ct);
        return (await create.Should().ThrowAsync<ProblemException>()).Which.Problem;
    }
}
