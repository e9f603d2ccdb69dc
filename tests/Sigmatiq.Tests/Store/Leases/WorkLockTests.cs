using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;

namespace Sigmatiq.Tests.Store.Leases;

public sealed class WorkLockTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DataDirectory data;

    public WorkLockTests() => data = new(folder.Path);

    [Fact]
    public void A_piece_of_work_is_taken_once_and_free_again_afterwards()
    {
        using (WorkLock? first = WorkLock.TryTake(data, "sweeps", "s", "work"))
        {
            first.Should().NotBeNull();
            WorkLock.TryTake(data, "sweeps", "s", "work").Should().BeNull();
            using WorkLock? other = WorkLock.TryTake(data, "sweeps", "other", "work");
            other.Should().NotBeNull();
        }

        using WorkLock? next = WorkLock.TryTake(data, "sweeps", "s", "work");
        next.Should().NotBeNull();
    }

    [Fact]
    public async Task Who_finds_the_work_taken_is_told_so_and_takes_over_once_it_is_free()
    {
        WorkLock? first = WorkLock.TryTake(data, "training", "t");
        int looks = 0;
        var (held, hasWaited) = await new FileClaims(data).TakeAsync(["training", "t"], TimeProvider.System, () =>
        {
            looks++;
            first?.Dispose();
            return Task.CompletedTask;
        }, TestContext.Current.CancellationToken);
        await using (held)
        {
            (looks, hasWaited).Should().Be((1, true));
            WorkLock.TryTake(data, "training", "t").Should().BeNull();
        }
    }

    [Fact]
    public void A_lock_that_no_living_process_holds_back_is_refused_with_its_place_instead_of_waited_for()
    {
        string path = data.File("sweeps", "s", "work", "lock");
        File.CreateSymbolicLink(path, path);
        Problem problem = Refusal("sweeps", "s", "work");
        problem.Where.Should().Be(path);
        problem.Remedy.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused_with_its_place()
    {
        File.WriteAllText(folder["sweeps"], "a file where the folder would be");
        Refusal("sweeps", "s", "work").Where.Should().Be(Path.Combine(folder.Path, "sweeps", "s", "work", "lock"));
    }

    [Fact]
    public void A_place_where_nobody_may_make_a_folder_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc and /sys are Linux's");
        Directory.CreateSymbolicLink(folder["training"], "/proc/self");
        Directory.CreateSymbolicLink(folder["sweeps"], "/sys/kernel");
        Refusal("training", "t");
        Refusal("sweeps", "s");
    }

    public void Dispose() => folder.Dispose();

    private Problem Refusal(params string[] work)
    {
        Problem problem = ((Action)(() => WorkLock.TryTake(data, work))).Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be("STO-1008");
        return problem;
    }
}
