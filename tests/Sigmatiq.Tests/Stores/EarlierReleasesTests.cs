using System.Formats.Tar;
using System.IO.Compression;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Migrations;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Tests.Stores;

/// <summary>Stores that earlier releases wrote (ORIGIN.md) open, go on and lose nothing; those of later releases are left alone.</summary>
public sealed class EarlierReleasesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Releases => [.. Directory.GetFiles(Path.Combine(Checkout.Root, "tests", "Sigmatiq.Tests", "Stores"), "*.tar.gz").Select(f => Path.GetFileName(f)[..7]).Order()];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_store_of_an_earlier_release_opens_with_all_that_it_held_and_its_open_run_goes_on(string release)
    {
        DataDirectory data = Unpack(release);
        Dictionary<string, long> before = await CountsAsync(data);
        var clock = new SettableClock(new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        Dictionary<string, long> after = await CountsAsync(data);
        before.Where(t => t.Key != "migrations" && after[t.Key] != t.Value).Should().BeEmpty("a migration loses no row");
        (await rows.FirstAsync<int>("select max(number) from migrations", null, Ct)).Should().Be(Migration.Embedded(SqlDialect.Sqlite)[^1].Number);

        Platform platform = Platform.Open(data, rows, IdSource.FromSeed(clock, 1), clock, NullLoggerFactory.Instance);
        IReadOnlyList<RunSummary> runs = await platform.Engine.Views.ListAsync(null, 10, Ct);
        runs.Select(r => r.Status).Should().BeEquivalentTo("completed", "waiting", "completed");
        foreach (RunSummary run in runs)
        {
            RunView view = await platform.Engine.Views.ShowAsync(new(run.Id), Ct);
            view.State.Status.ToString().ToLowerInvariant().Should().Be(run.Status, "the journal of an earlier release gives what its lists said");
            view.Attempts.Should().NotBeEmpty();
        }

        (await platform.Approvals.ListAsync(Ct)).Select(a => a.Status).Should().BeEquivalentTo([ApprovalStatus.Approved, ApprovalStatus.PendingApproval]);
        (await AuditChain.ReadAsync(rows, 0, Ct).ToListAsync(Ct)).Should().HaveCount(6);
        (await AuditChain.VerifyAsync(rows, null, Ct)).Intact.Should().BeTrue("the links of an earlier chain hold");
        var sweeps = await platform.Sweeps.Store.ListAsync(null, null, Ct);
        sweeps.Should().HaveCount(2).And.OnlyContain(s => s.Status == "completed");
        (await platform.Sweeps.Store.LoadAsync(sweeps[0].SweepId, Ct)).Leaderboard.Rows.Should().HaveCount(45);
        (await platform.Trained.ListAsync(null, Ct)).Should().HaveCount(5);

        // Nobody votes in time.
        clock.Advance(TimeSpan.FromDays(8));
        RunId open = new(runs.Single(r => r.Status == "waiting").Id);
        await using (EngineLease lease = (await EngineLease.TryTakeAsync(data, rows, TimeProvider.System, "test/1", Ct)).Lease!)
        {
            await platform.Engine.DriveAloneAsync(lease, open, Ct);
        }

        RunState ended = (await platform.Engine.Journal.LoadAsync(open, Ct)).State;
        (ended.Status, ended.Step("deploy").Status).Should().Be((RunStatus.Completed, StepStatus.Skipped));
        (await platform.Approvals.OfRunAsync(open.Value, Ct))!.Reason.Should().Be("expired");
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task A_store_of_a_later_release_is_refused_before_a_byte_changes(string release)
    {
        DataDirectory data = Unpack(release);
        // A store as a killed program leaves it: its newest rows are in the write-ahead log only.
        string was = folder["was"];
        Directory.CreateDirectory(was);
        await using (SqliteConnection connection = new($"Data Source={data.RowsFile};Pooling=False"))
        {
            connection.Open();
            await using SqliteCommand later = connection.CreateCommand();
            later.CommandText = "pragma journal_mode=wal; insert into migrations (number, name, hash, applied_at_utc) values (9999, 'later', 'x', 'y'); create table of_later (id text);";
            later.ExecuteNonQuery();
            File.Copy(data.RowsFile, Path.Combine(was, "sigmatiq.db"));
            File.Copy(data.RowsFile + "-wal", Path.Combine(was, "sigmatiq.db-wal"));
        }

        string file = Path.Combine(was, "sigmatiq.db");
        ContentHash[] before = [ContentHash.OfFile(file), ContentHash.OfFile(file + "-wal")];
        new FileInfo(file + "-wal").Length.Should().BePositive();
        for (int i = 0; i < 2; i++)
        {
            Func<Task> open = () => SqliteRowStore.OpenAsync(file, TimeProvider.System, Ct);
            (await open.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1003");
            ((ContentHash[])[ContentHash.OfFile(file), ContentHash.OfFile(file + "-wal")]).Should().Equal(before);
        }
    }

    [Fact]
    public async Task A_migration_that_fails_at_any_statement_leaves_the_store_as_it_was()
    {
        DataDirectory data = Unpack(Releases.Select(r => r.Data).First(r => r == "08bb635"));
        string[] before = await ContentAsync(data);
        int[] ran = await NumbersAsync(data);
        IReadOnlyList<Migration> all = Migration.Embedded(SqlDialect.Sqlite);
        List<(int Migration, string[] Statements)> pending = [.. all.Where(m => !ran.Contains(m.Number)).Select(m => (m.Number, Statements(m.Sql)))];
        pending.Sum(p => p.Statements.Length).Should().BeGreaterThan(20);
        foreach (var (number, statements) in pending)
        {
            for (int n = 0; n < statements.Length; n++)
            {
                string broken = string.Concat(statements[..n]) + "insert into nowhere values (1);" + string.Concat(statements[n..]);
                using SqliteRowStore rows = await SqliteRowStore.OpenAsItIsAsync(data.RowsFile, Ct);
                Func<Task> run = () => Migrator.RunAsync(rows, [.. all.Select(m => m.Number == number ? m with { Sql = broken } : m)], TimeProvider.System, Ct);
                Problem problem = (await run.Should().ThrowAsync<ProblemException>()).Which.Problem;
                (problem.Code, problem.Where![..4]).Should().Be(("STO-1004", $"{number:0000}"));
            }

            (await ContentAsync(data)).Should().Equal(before, $"migration {number}");
        }

        using SqliteRowStore opened = await SqliteRowStore.OpenAsync(data, TimeProvider.System, Ct);
        (await NumbersAsync(data)).Should().Equal(all.Select(m => m.Number));
    }

    // The library that runs them says where each ends, triggers with statements of their own included.
    private static string[] Statements(string sql)
    {
        List<string> found = [];
        string next = "";
        foreach (string part in sql.Split(';'))
        {
            next += part + ";";
            if (SQLitePCL.raw.sqlite3_complete(next) != 0)
            {
                found.Add(next);
                next = "";
            }
        }

        return [.. found.Where(s => s.Any(char.IsLetter))];
    }

    private static async Task<string[]> ContentAsync(DataDirectory data)
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsItIsAsync(data.RowsFile, Ct);
        return await rows.AtOneInstantAsync(async source =>
        {
            List<string> content = [.. await source.QueryAsync<string>("select type || name || coalesce(sql, '') from sqlite_master order by 1", null, Ct)];
            foreach (StoredTable table in await source.TablesAsync(Ct))
            {
                content.Add($"{table.Name} {await source.CopyAsync(table, Stream.Null, Ct)}");
            }

            return content.ToArray();
        }, Ct);
    }

    private static async Task<Dictionary<string, long>> CountsAsync(DataDirectory data)
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsItIsAsync(data.RowsFile, Ct);
        return await rows.AtOneInstantAsync(async source =>
        {
            Dictionary<string, long> counts = [];
            foreach (StoredTable table in await source.TablesAsync(Ct))
            {
                counts[table.Name] = (await source.CopyAsync(table, Stream.Null, Ct)).Rows;
            }

            return counts;
        }, Ct);
    }

    private static async Task<int[]> NumbersAsync(DataDirectory data)
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsItIsAsync(data.RowsFile, Ct);
        return [.. await rows.QueryAsync<int>("select number from migrations order by number", null, Ct)];
    }

    private DataDirectory Unpack(string release)
    {
        DataDirectory data = new(folder["data"]);
        using FileStream file = File.OpenRead(Path.Combine(Checkout.Root, "tests", "Sigmatiq.Tests", "Stores", $"{release}.tar.gz"));
        using GZipStream unpacked = new(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(unpacked, data.Root, overwriteFiles: false);
        return data;
    }

    public void Dispose() => folder.Dispose();
}
