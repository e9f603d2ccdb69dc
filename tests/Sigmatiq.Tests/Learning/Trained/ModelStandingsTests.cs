using Sigmatiq.Learning.Trained;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Learning.Trained;

public abstract class ModelStandingsTests
{
    private static readonly ModelRecord Model = new("ana", "spy_swing", "n", "d", "swingsigma", "1.1.0", "h", "created", "configure_sweep", DateTimeOffset.UnixEpoch);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_stands_where_its_sweeps_trainings_and_decisions_have_brought_it()
    {
        using TemporaryFolder folder = new();
        await using TestRows opened = await TestRows.CreateAsync(new DataDirectory(folder["data"]));
        IRowStore rows = opened.Rows;
        await StandsAsync("created", "configure_sweep");
        await SweepAsync("s1", "ana", "spy_swing");
        await StandsAsync("configured", "run_sweep");
        await rows.ExecuteAsync("update sweeps set status = 'completed'", null, Ct);
        await StandsAsync("configured", "select_configs");

        // Another user's model of the same name is another model.
        await SweepAsync("s2", "ben", "spy_swing");
        await JobAsync("train_001", 1, "s2", "completed", "trained");
        await StandsAsync("configured", "select_configs");

        await JobAsync("train_002", 2, "s1", "training", null);
        await StandsAsync("configured", "train");
        await JobAsync("train_003", 3, "s1", "completed", "trained");
        await StandsAsync("configured", "review");
        await rows.ExecuteAsync("update trained_models set state = 'published' where job_id = 'train_003'", null, Ct);
        await StandsAsync("published", "publish");

        async Task StandsAsync(string status, string next) =>
            (await ModelStandings.OfAsync(rows, [Model], Ct)).Should().ContainSingle().Which.Should().Be(Model with { Status = status, NextStep = next });

        Task SweepAsync(string id, string user, string model) => InsertAsync("sweeps", new() { ["sweep_id"] = id, ["user_id"] = user, ["model_id"] = model, ["status"] = "running" });

        async Task JobAsync(string job, int seq, string sweep, string status, string? state)
        {
            await InsertAsync("training_jobs", new()
            {
                ["job_id"] = job, ["seq"] = seq, ["key"] = job, ["trained_model_id"] = $"spy_swing_{job}", ["trained_number"] = seq, ["sweep_id"] = sweep, ["model_id"] = "spy_swing",
                ["status"] = status,
            });
            if (state is not null)
            {
                await InsertAsync("trained_models", new() { ["trained_model_id"] = $"spy_swing_{job}", ["job_id"] = job, ["model_id"] = "spy_swing", ["state"] = state });
            }
        }

        // Columns that a standing does not read get any value of their type.
        async Task InsertAsync(string table, Dictionary<string, object> values)
        {
            foreach (Needed column in await rows.QueryAsync<Needed>(rows.Dialect == SqlDialect.Sqlite
                ? $"select name, type from pragma_table_info('{table}') where \"notnull\" = 1 and dflt_value is null"
                : $"select column_name as name, data_type as type from information_schema.columns where table_schema = current_schema() and table_name = '{table}' and is_nullable = 'NO' and column_default is null",
                null, Ct))
            {
                values.TryAdd(column.Name, column.Type.ToUpperInvariant() == "TEXT" ? "x" : 0);
            }

            await rows.ExecuteAsync($"insert into {table} ({string.Join(", ", values.Keys)}) values ({string.Join(", ", values.Keys.Select(k => "@" + k))})", values, Ct);
        }
    }

    private sealed record Needed(string Name, string Type);
}

public sealed class ModelStandingsOnSqliteTests : ModelStandingsTests;

[OnStore(StoreEngine.Postgres)]
public sealed class ModelStandingsOnPostgresTests : ModelStandingsTests;
