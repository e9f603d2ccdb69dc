using System.Text;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Store;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_reader_sees_the_old_file_or_the_new_one_and_never_a_part()
    {
        string path = folder["state.json"];
        byte[] one = [.. Enumerable.Repeat((byte)'1', 300_000)], two = [.. Enumerable.Repeat((byte)'2', 200_000)];
        AtomicFile.Write(path, one);
        using CancellationTokenSource stop = new();
        Task writer = Task.Run(() =>
        {
            for (int i = 0; i < 60; i++)
            {
                AtomicFile.Write(path, i % 2 == 0 ? two : one);
            }
        }, TestContext.Current.CancellationToken);

        int reads = 0;
        do
        {
            byte[] seen = File.ReadAllBytes(path);
            (seen.AsSpan().SequenceEqual(one) || seen.AsSpan().SequenceEqual(two)).Should().BeTrue();
            reads++;
        }
        while (!writer.IsCompleted);

        writer.IsCompletedSuccessfully.Should().BeTrue();
        reads.Should().BeGreaterThan(1);
        Directory.GetFiles(folder.Path).Should().Equal(path);
    }

    [Fact]
    public void A_file_written_once_may_be_written_again_alike_and_never_otherwise()
    {
        string path = folder["a", "b", "fact.json"];
        AtomicFile.WriteOnce(path, "x"u8);
        AtomicFile.WriteOnce(path, "x"u8);
        Action act = () => AtomicFile.WriteOnce(path, "y"u8);
        act.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("STO-1001");
        File.ReadAllText(path).Should().Be("x");
        Directory.GetFiles(folder["a", "b"]).Should().Equal(path);
    }

    [Fact]
    public async Task Of_many_who_write_one_name_at_once_one_wins_and_the_others_are_told()
    {
        for (int round = 0; round < 20; round++)
        {
            string path = folder[$"{round}.json"];
            string[] outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(w => Task.Run(() =>
            {
                try
                {
                    AtomicFile.WriteOnce(path, Encoding.UTF8.GetBytes($"writer {w}"));
                    return $"writer {w}";
                }
                catch (ProblemException e)
                {
                    return e.Problem.Code;
                }
            })));
            outcomes.Count(o => o == "STO-1001").Should().Be(3);
            outcomes.Should().Contain(File.ReadAllText(path));
        }
    }

    [Fact]
    public void What_a_killed_writer_left_aside_is_removed_and_nothing_else()
    {
        string file = Left("x.parquet", DeadProcess), inside = Path.Combine(Left("bundle", DeadProcess, isFolder: true), "trades.parquet");
        File.WriteAllText(inside, "half");
        AtomicFile.Write(folder["deep", "y.json"], "whole");
        File.WriteAllText(folder["deep", ".aside"], "a file of the user's");
        AtomicFile.RemoveLeftovers(folder.Path, Later).Should().Be(2);
        Directory.GetFileSystemEntries(folder["deep"]).Order().Should().Equal(folder["deep", ".aside"], folder["deep", "y.json"]);
        (File.Exists(file), File.Exists(inside)).Should().Be((false, false));
    }

    [Fact]
    public void What_a_living_process_writes_aside_stays_however_long_it_takes()
    {
        string own = AtomicFile.Aside(folder["deep", "x.parquet"]), other = Left("x.parquet", 1), fresh = Left("x.parquet", DeadProcess);
        File.WriteAllText(own, "half");
        AtomicFile.RemoveLeftovers(folder.Path, Later).Should().Be(1);
        (File.Exists(own), File.Exists(other), File.Exists(fresh)).Should().Be((true, true, false));
        AtomicFile.RemoveLeftovers(folder.Path, TimeProvider.System.GetUtcNow().AddDays(40)).Should().Be(0);
    }

    [Fact]
    public void What_was_touched_just_now_or_by_another_machine_stays()
    {
        string fresh = Left("x.parquet", DeadProcess), far = Left("x.parquet", DeadProcess, machine: "other-" + Environment.MachineName);
        AtomicFile.RemoveLeftovers(folder.Path, TimeProvider.System.GetUtcNow() + AtomicFile.SettledAfter - TimeSpan.FromSeconds(30)).Should().Be(0);
        AtomicFile.RemoveLeftovers(folder.Path, Later).Should().Be(1);
        (File.Exists(fresh), File.Exists(far)).Should().Be((false, true));
    }

    [Fact]
    public void A_process_that_began_later_and_has_the_number_of_the_killed_one_does_not_keep_its_leftovers()
    {
        string left = Left("x.parquet", Environment.ProcessId);
        File.SetLastWriteTimeUtc(left, new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        AtomicFile.RemoveLeftovers(folder.Path, Later).Should().Be(1);
    }

    [Fact]
    public async Task Whoever_takes_the_engine_of_a_store_clears_what_was_left_aside_in_it()
    {
        DataDirectory data = new(folder.Path);
        string left = Left("x.parquet", DeadProcess);
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(data, TimeProvider.System, TestContext.Current.CancellationToken);
        EngineClaim claim = await EngineLease.TryTakeAsync(data, rows, new LaterClock(), "machine/1", TestContext.Current.CancellationToken);
        await using (claim.Lease!)
        {
            File.Exists(left).Should().BeFalse();
        }
    }

    [Fact]
    public void A_data_directory_gives_no_path_outside_itself()
    {
        DataDirectory data = new(folder["data"]);
        data.File("models", "m.json").Should().Be(folder["data", "models", "m.json"]);
        data.Relative(data.File("models", "m.json")).Should().Be("models/m.json");
        foreach (string[] parts in new[] { new[] { "..", "x" }, ["/etc/passwd"], ["a", "../../x"], [""] })
        {
            ((Action)(() => data.File(parts))).Should().Throw<ArgumentException>(string.Join("/", parts));
        }

        ((Action)(() => data.Relative(folder["elsewhere"]))).Should().Throw<ArgumentException>();
    }

    public void Dispose() => folder.Dispose();

    // Above what any system gives out.
    private const int DeadProcess = 2_000_000_000;

    private static DateTimeOffset Later => TimeProvider.System.GetUtcNow() + AtomicFile.SettledAfter + TimeSpan.FromMinutes(1);

    private string Left(string name, int process, bool isFolder = false, string? machine = null)
    {
        string path = Path.Combine(Directory.CreateDirectory(folder["deep"]).FullName, $".{name}.{machine ?? Environment.MachineName}-{process}-7.aside");
        if (isFolder)
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            File.WriteAllText(path, "half");
        }

        return path;
    }

    private sealed class LaterClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Later;
    }
}
