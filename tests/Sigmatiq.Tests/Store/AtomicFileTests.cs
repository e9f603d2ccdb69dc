using System.Text;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;

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
    public void What_a_killed_writer_left_aside_is_found_and_nothing_else()
    {
        string left = AtomicFile.Aside(folder["deep", "x.parquet"]);
        File.WriteAllText(left, "half");
        AtomicFile.Write(folder["deep", "y.json"], "whole");
        AtomicFile.RemoveLeftovers(folder.Path).Should().Be(1);
        Directory.GetFiles(folder["deep"]).Should().Equal(folder["deep", "y.json"]);
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
}
