using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Packs.Models;

public abstract class ModelStoreTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private DataDirectory data = null!;
    private TestRows opened = null!;
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
        opened = await TestRows.CreateAsync(data);
        rows = opened.Rows;
        store = new(rows, data, new Clock(SomePack.CreatedAt.AddMilliseconds(123)));
    }

    public async ValueTask DisposeAsync()
    {
        await opened.DisposeAsync();
        folder.Dispose();
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
    public async Task An_unknown_model_is_refused()
    {
        Func<Task> load = () => store.LoadAsync("user_12345", "nosuch", Ct);
        (await load.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MDL-1009");
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

    [Fact]
    public async Task Every_config_is_kept_and_a_rollback_walks_back_through_them()
    {
        Pack old = SomePack.Library.Load("swingsigma@1.0.0"), next = SomePack.With(("version: \"1.1.0\"", "version: \"1.2.0\""), ("take_profit_pct: 16", "take_profit_pct: 18"));
        ModelConfig v1 = (await store.CreateAsync(SomePack.Request with { Pack = "swingsigma@1.0.0" }, old, Ct)).Config;
        ModelConfig v2 = ModelMigration.Of(v1, old, SomePack.Swing).Value.Config;
        await store.ReplaceAsync(v1, v2, SomePack.Swing, Ct);
        ModelConfig v3 = ModelMigration.Of(v2, SomePack.Swing, next).Value.Config;
        await store.ReplaceAsync(v2, v3, next, Ct);

        var (v4, restores2) = await store.PreviousAsync(v3, Ct);
        await store.ReplaceAsync(v3, v4, SomePack.Swing, Ct, restores2);
        var (v5, restores1) = await store.PreviousAsync(await Load(), Ct);
        await store.ReplaceAsync(v4, v5, old, Ct, restores1);
        (restores2, restores1).Should().Be((2, 1));
        ModelConfigFile.Write(await Load()).Should().Be(ModelConfigFile.Write(v1).Replace("config_version: 1", "config_version: 5"));
        Func<Task> further = async () => await store.PreviousAsync(await Load(), Ct);
        (await further.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MDL-1012");

        (await store.HistoryAsync(v1.UserId, v1.Id, Ct)).Select(h => (h.ConfigVersion, h.Pack, h.Restores)).Should().Equal(
            (1, "swingsigma@1.0.0", null), (2, "swingsigma@1.1.0", null), (3, "swingsigma@1.2.0", null), (4, "swingsigma@1.1.0", 2), (5, "swingsigma@1.0.0", 1));
        ModelConfigFile.Write(await store.LoadOnAsync(v1.UserId, v1.Id, "swingsigma@1.2.0", Ct)).Should().Be(ModelConfigFile.Write(v3), "a sweep of then goes on with the config of then");
        (await store.LoadOnAsync(v1.UserId, v1.Id, "other@1.0.0", Ct)).ConfigVersion.Should().Be(5);
        (await File.ReadAllTextAsync(folder["models", v1.UserId, v1.Id, "config.v3.yaml"], Ct)).Should().Be(ModelConfigFile.Write(v3));

        async Task<ModelConfig> Load() => await store.LoadAsync(v1.UserId, v1.Id, Ct);
    }

    [Fact]
    public async Task A_change_that_fails_in_the_middle_leaves_row_history_and_file_as_they_were()
    {
        ModelConfig v1 = (await store.CreateAsync(SomePack.Request, SomePack.Swing, Ct)).Config;
        Pack next = SomePack.With(("version: \"1.1.0\"", "version: \"1.2.0\""));
        ModelConfig v2 = ModelMigration.Of(v1, SomePack.Swing, next).Value.Config;
        string file = store.FileOf(v1.UserId, v1.Id), text = await File.ReadAllTextAsync(file, Ct);
        Func<Task> broken = () => new ModelStore(new Failing(rows), data, TimeProvider.System).ReplaceAsync(v1, v2, next, Ct);
        await broken.Should().ThrowAsync<IOException>();
        (await File.ReadAllTextAsync(file, Ct)).Should().Be(text);
        ModelConfigFile.Write(await store.LoadAsync(v1.UserId, v1.Id, Ct)).Should().Be(text);
        (await store.HistoryAsync(v1.UserId, v1.Id, Ct)).Should().ContainSingle();
        Directory.GetFiles(Path.GetDirectoryName(file)!).Should().Equal(file);

        Func<Task> stale = () => store.ReplaceAsync(v2, v2 with { ConfigVersion = 3 }, next, Ct);
        (await stale.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MDL-1002");
        Func<Task> unknown = () => store.ReplaceAsync(v1 with { Id = "nosuch" }, v2 with { Id = "nosuch" }, next, Ct);
        (await unknown.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("MDL-1009");
    }

    [Fact]
    public async Task History_cannot_be_changed_or_deleted()
    {
        await store.CreateAsync(SomePack.Request, SomePack.Swing, Ct);
        foreach (string sql in (string[])["update model_configs set config = ''", "delete from model_configs"])
        {
            Func<Task> change = () => rows.ExecuteAsync(sql, null, Ct);
            await change.Should().ThrowAsync<Exception>();
        }
    }

    /// <summary>Rows whose transactions do their work and then die before they commit.</summary>
    private sealed class Failing(IRowStore inner) : IRowStore
    {
        public SqlDialect Dialect => inner.Dialect;

        public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => inner.QueryAsync<T>(sql, args, ct);

        public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => inner.FirstOrDefaultAsync<T>(sql, args, ct);

        public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => inner.ExecuteAsync(sql, args, ct);

        public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => inner.InTransactionAsync<T>(
            async tx =>
            {
                await work(tx);
                throw new IOException("the power went");
            },
            ct);
    }
}

public sealed class ModelStoreOnSqliteTests : ModelStoreTests;

[OnStore(StoreEngine.Postgres)]
public sealed class ModelStoreOnPostgresTests : ModelStoreTests;
