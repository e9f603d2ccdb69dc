using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Snapshots;

namespace Sigmatiq.Tests.Store.Snapshots;

public sealed class SnapshotStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DataDirectory data;
    private readonly SnapshotStore snapshots;

    public SnapshotStoreTests()
    {
        data = new(folder.Path);
        snapshots = new(data);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void A_snapshot_is_known_by_its_content()
    {
        SnapshotFile[] files = [Bars("SPY", 1), Bars("QQQ", 2)];
        SnapshotManifest one = snapshots.Put(About(), files);
        SnapshotManifest again = snapshots.Put(About(), files.Reverse());
        again.Id.Should().Be(one.Id);
        snapshots.List().Should().Equal(one.Id);

        SnapshotManifest read = snapshots.Load(one.Id);
        read.Files.Select(f => f.Path).Should().Equal("bars/symbol=QQQ/2024.parquet", "bars/symbol=SPY/2024.parquet");
        read.Files[0].Rows.Should().Be(3);
        read.Files[0].Holds["symbol"]!.GetValue<string>().Should().Be("QQQ");
        read.About["source"]!.GetValue<string>().Should().Be("test");
        snapshots.PathsOf(read, f => f.Holds["symbol"]!.GetValue<string>() == "SPY").Should().Equal(data.File("bars", "symbol=SPY", "2024.parquet"));

        snapshots.Put(About(), [files[0]]).Id.Should().NotBe(one.Id);
        snapshots.Put(new JsonObject { ["source"] = "other" }, files).Id.Should().NotBe(one.Id);
    }

    [Fact]
    public void Every_single_flipped_bit_of_a_file_is_found()
    {
        SnapshotManifest manifest = snapshots.Put(About(), [Bars("SPY", 1), Bars("QQQ", 2)]);
        snapshots.Verify(manifest.Id, Ct).Should().BeEmpty();
        string path = data.File("bars", "symbol=SPY", "2024.parquet");
        byte[] bytes = File.ReadAllBytes(path);

        for (int bit = 0; bit < bytes.Length * 8; bit += 37)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, bytes);
            Problem problem = snapshots.Verify(manifest.Id, Ct).Should().ContainSingle().Subject;
            problem.Code.Should().Be("STO-3003");
            problem.Where.Should().Be("bars/symbol=SPY/2024.parquet");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        File.WriteAllBytes(path, bytes);
        snapshots.Verify(manifest.Id, Ct).Should().BeEmpty();
    }

    [Fact]
    public void A_missing_and_a_longer_file_are_found_both()
    {
        SnapshotManifest manifest = snapshots.Put(About(), [Bars("SPY", 1), Bars("QQQ", 2)]);
        File.Delete(data.File("bars", "symbol=QQQ", "2024.parquet"));
        File.AppendAllText(data.File("bars", "symbol=SPY", "2024.parquet"), " ");
        snapshots.Verify(manifest.Id, Ct).Select(p => p.Code).Should().Equal("STO-3002", "STO-3003");
    }

    [Fact]
    public void A_manifest_that_was_touched_is_refused()
    {
        SnapshotManifest manifest = snapshots.Put(About(), [Bars("SPY", 1)]);
        string path = Path.Combine(data.Snapshots, manifest.Id.Hex + ".json");
        byte[] bytes = File.ReadAllBytes(path);
        foreach (string touched in new[] { "{}", "", "[]", "null", File.ReadAllText(path).Replace("\"rows\":3", "\"rows\":4") })
        {
            File.WriteAllText(path, touched);
            Code(() => snapshots.Load(manifest.Id)).Should().Be("STO-3004", touched);
            Code(() => snapshots.Verify(manifest.Id, Ct)).Should().Be("STO-3004");
        }

        File.WriteAllBytes(path, bytes);
        snapshots.Verify(manifest.Id, Ct).Should().BeEmpty();
    }

    [Fact]
    public void An_unknown_snapshot_is_refused() => Code(() => snapshots.Load(ContentHash.Of("none"))).Should().Be("STO-3001");

    private static string Code(Action act) => act.Should().Throw<ProblemException>().Which.Problem.Code;

    private static JsonObject About() => new() { ["source"] = "test" };

    private SnapshotFile Bars(string symbol, double price)
    {
        string path = data.File("bars", $"symbol={symbol}", "2024.parquet");
        ParquetFile.Write(path, new(Column.Of("close", [price, price + 1, price + 2])), Ct);
        return snapshots.Describe(path, 3, new JsonObject { ["symbol"] = symbol });
    }

    public void Dispose() => folder.Dispose();
}
