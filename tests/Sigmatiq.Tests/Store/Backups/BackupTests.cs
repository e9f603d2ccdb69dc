using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Backups;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Store.Backups;

public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DataDirectory data;
    private readonly SettableClock clock = new(new(2026, 3, 2, 14, 30, 0, TimeSpan.Zero));

    public BackupTests() => data = new(folder["data"]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Archive => folder["copy.tar.gz"];

    [Fact]
    public async Task What_is_restored_is_what_was_backed_up()
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        await FillAsync(rows);
        AtomicFile.Write(data.File("public", "data", "production", "state.json"), "{\"a\":1}");
        AtomicFile.Write(data.File("models", "x.model"), [0, 1, 2, 255]);
        AtomicFile.Write(data.File("sweeps", "s1", "work", "chunk-00001.bin"), "half done");
        AtomicFile.Write(data.File("bars", "a", "f.parquet"), "bars");
        foreach (string left in (string[])["logs/today.jsonl", "engine.lock", "quartz.db", "sweeps/s1/work/lock", ".bars.lock", "reproduce/r/sigmatiq.db", "models/.y.vm-1-1.aside"])
        {
            AtomicFile.Write(data.File(left.Split('/')), "of a process");
        }

        BackupManifest made = await BackupAsync(rows);
        made.Files.Select(f => f.Path).Should().Equal("bars/a/f.parquet", "models/x.model", "public/data/production/state.json", "sweeps/s1/work/chunk-00001.bin");
        made.Tables.Sum(t => t.Rows).Should().BeGreaterThan(100);

        BackupManifest restored = await new BackupRestore(clock).RunAsync(Archive, folder["new"], null, Ct);
        restored.Id.Should().Be(made.Id);
        Files(folder["new"]).Where(f => !f.StartsWith("sigmatiq.db", StringComparison.Ordinal)).Should().Equal(made.Files.Select(f => f.Path));
        made.Files.Should().OnlyContain(f => ContentHash.OfFile(Path.Combine(folder["new"], f.Path)).Hex == f.Sha256);
        using SqliteRowStore again = await SqliteRowStore.OpenAsync(new DataDirectory(folder["new"]), clock, Ct);
        (await SumsAsync(again)).Should().BeEquivalentTo(await SumsAsync(rows));
        (await again.FirstAsync<double>("select sharpe_per_period from trials where combo_id = 1", null, Ct)).Should().Be(double.PositiveInfinity);
        (await again.FirstAsync<double>("select sharpe_per_period from trials where combo_id = 2", null, Ct)).Should().Be(0.1 + 0.2);
        (await again.FirstAsync<string>("select value from settings where key = 'odd'", null, Ct)).Should().Be("a\"b\\c\nd\te – 🎈\u2028");

        // Its guards stand, and its numbering goes on where it was, also past numbers whose rows are gone.
        Func<Task> forget = () => again.ExecuteAsync("delete from trials", null, Ct);
        (await forget.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1007");
        OutboxQueue queue = new(again, clock);
        await again.InTransactionAsync(tx => queue.EnqueueAsync(tx, "later", "k", new JsonObject(), Ct), Ct);
        (await again.FirstAsync<long>("select seq from outbox where key = 'later'", null, Ct)).Should().Be(31);
    }

    [Fact]
    public async Task A_backup_of_other_content_has_another_id_and_the_same_content_the_same()
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        await FillAsync(rows);
        ContentHash first = (await BackupAsync(rows)).Id;
        ContentHash same = (await BackupAsync(rows, folder["same.tar.gz"])).Id;
        await rows.ExecuteAsync("update settings set value = 'x' where key = 'odd'", null, Ct);
        (await BackupAsync(rows, folder["other.tar.gz"])).Id.Should().NotBe(first);
        same.Should().Be(first);
    }

    [Fact]
    public async Task A_backup_that_is_cut_off_anywhere_is_refused_with_the_place_and_leaves_nothing()
    {
        byte[] whole = await SmallBackupAsync();
        for (int length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 40))
        {
            await RefusedAsync(whole[..length], $"cut to {length} of {whole.Length}");
        }
    }

    [Fact]
    public async Task A_flipped_bit_is_refused_with_the_place_or_changes_nothing_that_is_restored()
    {
        byte[] whole = await SmallBackupAsync();
        long seed = TimeProvider.System.GetTimestamp();
        Rng chance = Rng.From(seed);
        int refused = 0;
        for (int i = 0; i < 40; i++)
        {
            byte[] spoiled = [.. whole];
            int at = chance.NextInt(whole.Length);
            spoiled[at] ^= (byte)(1 << chance.NextInt(8));
            refused += await RefusedAsync(spoiled, $"seed {seed}, byte {at}", mayBeWhole: true) ? 1 : 0;
        }

        refused.Should().BeGreaterThan(30, "only a few bits of the packing mean nothing");
    }

    [Fact]
    public async Task An_archive_of_somebody_elses_making_is_refused_and_writes_nothing_outside()
    {
        (string Name, string Text)[][] others =
        [
            [("../outside", "x")], [("/tmp/outside", "x")], [("files/a", "x")], [("backup.json", "{}")], [("backup.json", "[]")], [("backup.json", "nothing")],
            [("backup.json", """{"format":"sigmatiq.backup/9","id":"0"}""")], [("rows/runs.jsonl", "{}"), ("rows/runs.jsonl", "{}")],
        ];
        foreach (var entries in others)
        {
            using var bytes = new MemoryStream();
            using (var packed = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            using (var tar = new TarWriter(packed))
            {
                foreach (var (name, text) in entries)
                {
                    tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
                }
            }

            await RefusedAsync(bytes.ToArray(), entries[0].Name);
        }

        (await CodeAsync(() => new BackupRestore(clock).RunAsync(folder["none.tar.gz"], folder["new"], null, Ct))).Should().Be("STO-6002");
        File.Exists(folder["outside"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_backup_is_restored_into_an_empty_folder_only_and_written_under_a_free_name_outside_the_data()
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        await BackupAsync(rows);
        (await CodeAsync(() => BackupAsync(rows))).Should().Be("STO-6003");
        (await CodeAsync(() => BackupAsync(rows, data.File("public", "copy.tar.gz")))).Should().Be("STO-6003");
        BackupRestore restore = new(clock);
        (await CodeAsync(() => restore.RunAsync(Archive, data.Root, null, Ct))).Should().Be("STO-6003");
        (await CodeAsync(() => restore.RunAsync(Archive, Archive, null, Ct))).Should().Be("STO-6003");
        Directory.CreateDirectory(folder["empty"]);
        await restore.RunAsync(Archive, folder["empty"], null, Ct);
        File.Exists(folder["empty", "sigmatiq.db"]).Should().BeTrue();
    }

    [Fact]
    public async Task Files_that_rows_name_and_that_are_not_as_named_stop_a_backup_unless_the_damage_is_accepted()
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        AtomicFile.Write(data.File("models", "good"), "good");
        AtomicFile.Write(data.File("models", "bad"), "other");
        Task<IReadOnlyList<NamedFile>> named(ITableSource source, CancellationToken ct) => Task.FromResult<IReadOnlyList<NamedFile>>(
            [new("models/good", ContentHash.Of("good").Hex), new("models/bad", ContentHash.Of("bad").Hex), new("models/gone", null), new("bars/gone", null)]);
        Func<Task> act = () => new BackupWriter(data, rows, clock).WriteAsync(Archive, true, acceptDamage: false, named, Ct);
        Problem refusal = (await act.Should().ThrowAsync<ProblemException>()).Which.Problem;
        refusal.Code.Should().Be("STO-6006");
        refusal.Message.Should().Contain("3 files").And.Contain("bars/gone, models/bad, models/gone");
        Directory.GetFileSystemEntries(folder.Path).Should().Equal(data.Root);
        (await new BackupWriter(data, rows, clock).WriteAsync(Archive, withBars: false, acceptDamage: true, named, Ct)).Missing.Should().Equal("models/bad", "models/gone");
    }

    [Fact]
    public async Task Files_that_change_again_and_again_while_they_are_copied_stop_a_backup()
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        int count = 0;
        Task<IReadOnlyList<NamedFile>> named(ITableSource source, CancellationToken ct)
        {
            AtomicFile.Write(data.File("public", "state.json"), string.Create(CultureInfo.InvariantCulture, $"{new string('x', ++count)}"));
            return Task.FromResult<IReadOnlyList<NamedFile>>([]);
        }

        (await CodeAsync(() => new BackupWriter(data, rows, TimeProvider.System).WriteAsync(Archive, true, false, named, Ct))).Should().Be("STO-6005");
        File.Exists(Archive).Should().BeFalse();
    }

    [Fact]
    public async Task A_backup_of_a_newer_program_is_refused_before_anything_is_made()
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        await rows.ExecuteAsync("insert into migrations values (9999, 'later', 'x', 'y')", null, Ct);
        await BackupAsync(rows);
        (await CodeAsync(() => new BackupRestore(clock).RunAsync(Archive, folder["new"], null, Ct))).Should().Be("STO-1003");
        Directory.Exists(folder["new"]).Should().BeFalse();
    }

    [Fact]
    public async Task Rows_that_the_schema_does_not_know_are_not_restored()
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        await rows.ExecuteAsync("create table made_by_hand (id integer primary key) strict", null, Ct);
        await BackupAsync(rows);
        (await CodeAsync(() => new BackupRestore(clock).RunAsync(Archive, folder["new"], null, Ct))).Should().Be("STO-6004");
        Directory.Exists(folder["new"]).Should().BeFalse();
    }

    [Fact]
    public async Task A_store_moves_from_one_engine_to_the_other_and_back_with_every_row()
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        await FillAsync(rows);
        AtomicFile.Write(data.File("models", "x.model"), "model");
        await BackupAsync(rows);
        Dictionary<string, TableSum> was = await SumsAsync(rows);

        await using TestRows server = await TestRows.CreateAsync(StoreEngine.Postgres, new(folder["server"]), clock, empty: true);
        ITableStore moved = (ITableStore)server.Rows;
        await new BackupRestore(clock).RunAsync(Archive, folder["shared"], moved, Ct);
        Dictionary<string, TableSum> there = await SumsAsync(moved);
        was.Remove("migrations");
        there.Remove("migrations");
        there.Should().BeEquivalentTo(was);
        File.ReadAllText(folder["shared", "models", "x.model"]).Should().Be("model");
        File.Exists(folder["shared", "sigmatiq.db"]).Should().BeFalse();
        Func<Task> forget = () => moved.ExecuteAsync("delete from trials", null, Ct);
        (await forget.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("STO-1007");
        OutboxQueue queue = new(moved, clock);
        await moved.InTransactionAsync(tx => queue.EnqueueAsync(tx, "later", "k", new JsonObject(), Ct), Ct);
        (await moved.FirstAsync<long>("select seq from outbox where key = 'later'", null, Ct)).Should().Be(31);
        // Another start of the program finds the schema as it must be.
        await server.OpenAsync(clock);
        (await CodeAsync(() => new BackupRestore(clock).RunAsync(Archive, folder["again"], moved, Ct))).Should().Be("STO-6003");

        await moved.ExecuteAsync("delete from outbox where seq = 31", null, Ct);
        await new BackupWriter(new(folder["shared"]), moved, clock).WriteAsync(folder["back.tar.gz"], true, false, (_, _) => Task.FromResult<IReadOnlyList<NamedFile>>([]), Ct);
        await new BackupRestore(clock).RunAsync(folder["back.tar.gz"], folder["back"], null, Ct);
        using SqliteRowStore back = await SqliteRowStore.OpenAsync(new DataDirectory(folder["back"]), clock, Ct);
        Dictionary<string, TableSum> returned = await SumsAsync(back);
        returned.Remove("migrations");
        returned.Should().BeEquivalentTo(was);
    }

    /// <summary>Writers work as the product does (a file before the row that names it, a state for readers after it), and every copy that was
    /// taken meanwhile holds together.</summary>
    [Fact]
    public async Task Copies_taken_while_rows_and_files_are_written_hold_together()
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        Task writer = Task.Run(async () =>
        {
            for (int i = 1; !stop.IsCancellationRequested; i++)
            {
                string text = string.Create(CultureInfo.InvariantCulture, $"file {i}");
                AtomicFile.WriteOnce(data.File("forecasts", $"{i}.json"), Encoding.UTF8.GetBytes(text));
                await rows.InTransactionAsync(async tx =>
                {
                    await tx.ExecuteAsync("insert into settings (key, value, changed_at_utc) values (@Key, @Value, '')", new { Key = $"forecasts/{i}.json", Value = ContentHash.Of(text).Hex }, Ct);
                    await tx.ExecuteAsync("insert into outbox (key, kind, payload, enqueued_at_utc, next_attempt_at_utc) values (@Key, 'k', '{}', '', '')", new { Key = $"{i}" }, Ct);
                }, Ct);
                if (i % 40 == 0)
                {
                    AtomicFile.Write(data.File("public", "newest.txt"), $"{i}");
                    await Task.Delay(60, Ct);
                }
            }
        }, Ct);
        async Task<IReadOnlyList<NamedFile>> named(ITableSource source, CancellationToken ct) =>
            [.. (await source.QueryAsync<(string Key, string Value)>("select key, value from settings", null, ct)).Select(s => new NamedFile(s.Key, s.Value))];
        List<BackupManifest> copies = [];
        for (int i = 0; i < 6; i++)
        {
            // On a busy machine a copy may be taken before the writer has come a step further.
            long last = copies.Count == 0 ? 0 : copies[^1].Tables.Single(t => t.Name == "settings").Rows;
            while (await rows.FirstAsync<long>("select count(*) from settings", null, Ct) < last + 10)
            {
                await Task.Delay(5, Ct);
            }

            copies.Add(await new BackupWriter(data, rows, TimeProvider.System).WriteAsync(folder[$"copy{i}.tar.gz"], true, false, named, Ct));
        }

        await stop.CancelAsync();
        await writer;
        copies.Select(c => c.Tables.Single(t => t.Name == "settings").Rows).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        for (int i = 0; i < copies.Count; i++)
        {
            await new BackupRestore(clock).RunAsync(folder[$"copy{i}.tar.gz"], folder[$"new{i}"], null, Ct);
            using SqliteRowStore restored = await SqliteRowStore.OpenAsync(new DataDirectory(folder[$"new{i}"]), clock, Ct);
            IReadOnlyList<(string Key, string Value)> rowsThen = await restored.QueryAsync<(string Key, string Value)>("select key, value from settings", null, Ct);
            rowsThen.Should().OnlyContain(s => ContentHash.OfFile(Path.Combine(folder[$"new{i}"], s.Key)).Hex == s.Value);
            (await restored.FirstAsync<long>("select count(*) from outbox", null, Ct)).Should().Be(rowsThen.Count, "a transaction is in a copy as a whole or not at all");
            string newest = Path.Combine(folder[$"new{i}"], "public", "newest.txt");
            int shown = File.Exists(newest) ? int.Parse(File.ReadAllText(newest), CultureInfo.InvariantCulture) : 0;
            (rowsThen.Count - shown).Should().BeInRange(0, 40, "a state for readers is never newer than the rows");
        }
    }

    private static async Task FillAsync(SqliteRowStore rows)
    {
        await rows.ExecuteAsync("insert into settings (key, value, changed_at_utc) values ('odd', @Value, '')", new { Value = "a\"b\\c\nd\te – 🎈\u2028" }, Ct);
        await rows.ExecuteAsync("insert into settings (key, value, changed_at_utc) values (@Key, @Value, '')",
            Enumerable.Range(0, 100).Select(i => new { Key = $"k{i:000}", Value = new string((char)('a' + (i % 26)), i * 7) }).ToList(), Ct);
        await rows.ExecuteAsync("insert into outbox (key, kind, payload, enqueued_at_utc, next_attempt_at_utc) values (@Key, 'k', '{}', '', '')",
            Enumerable.Range(1, 30).Select(i => new { Key = $"{i}" }).ToList(), Ct);
        await rows.ExecuteAsync("delete from outbox where seq > 20", null, Ct);
        await rows.ExecuteAsync(
            "insert into trials values ('h', @Id, 's', '', null, '{}', 1, 'sweep', 0, 250, @Sharpe, null, -0.0, 'src', @Id, '')",
            new[] { new { Id = 1, Sharpe = double.PositiveInfinity }, new { Id = 2, Sharpe = 0.1 + 0.2 }, new { Id = 3, Sharpe = -5e-324 }, new { Id = 4, Sharpe = 1e300 } }, Ct);
    }

    private Task<BackupManifest> BackupAsync(SqliteRowStore rows, string? to = null) =>
        new BackupWriter(data, rows, clock).WriteAsync(to ?? Archive, true, false, (_, _) => Task.FromResult<IReadOnlyList<NamedFile>>([]), Ct);

    private async Task<byte[]> SmallBackupAsync()
    {
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, clock, Ct);
        await FillAsync(rows);
        AtomicFile.Write(data.File("models", "x.model"), [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * i))]);
        await BackupAsync(rows);
        return File.ReadAllBytes(Archive);
    }

    private async Task<bool> RefusedAsync(byte[] bytes, string because, bool mayBeWhole = false)
    {
        File.WriteAllBytes(folder["spoiled.tar.gz"], bytes);
        string[] before = [.. Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal)];
        try
        {
            await new BackupRestore(clock).RunAsync(folder["spoiled.tar.gz"], folder["new"], null, Ct);
        }
        catch (ProblemException e)
        {
            e.Problem.Code.Should().BeOneOf(["STO-6001", "STO-6002"], because);
            e.Problem.Where.Should().Contain("spoiled.tar.gz", because);
            Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal).Should().Equal(before, because);
            return true;
        }

        mayBeWhole.Should().BeTrue(because);
        using (SqliteRowStore was = await SqliteRowStore.OpenAsync(data, clock, Ct))
        using (SqliteRowStore now = await SqliteRowStore.OpenAsync(new DataDirectory(folder["new"]), clock, Ct))
        {
            (await SumsAsync(now)).Should().BeEquivalentTo(await SumsAsync(was), because);
        }

        ContentHash.OfFile(folder["new", "models", "x.model"]).Should().Be(ContentHash.OfFile(data.File("models", "x.model")), because);
        Directory.Delete(folder["new"], recursive: true);
        return false;
    }

    private static Task<Dictionary<string, TableSum>> SumsAsync(ITableStore rows) => rows.AtOneInstantAsync(async source =>
    {
        Dictionary<string, TableSum> sums = [];
        foreach (StoredTable table in await source.TablesAsync(Ct))
        {
            sums[table.Name] = await source.CopyAsync(table, Stream.Null, Ct);
        }

        return sums;
    }, Ct);

    private static async Task<string> CodeAsync(Func<Task> act) => (await act.Should().ThrowAsync<ProblemException>()).Which.Problem.Code;

    private static IEnumerable<string> Files(string root) =>
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal);

    public void Dispose() => folder.Dispose();
}
