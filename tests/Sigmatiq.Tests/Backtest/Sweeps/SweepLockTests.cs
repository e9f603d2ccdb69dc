using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Store;

namespace Sigmatiq.Tests.Backtest.Sweeps;

public sealed class SweepLockTests
{
    [Fact]
    public void A_sweep_is_taken_once_and_free_again_afterwards()
    {
        using var folder = new TemporaryFolder();
        DataDirectory data = new(folder.Path);
        using (SweepLock? first = SweepLock.TryTake(data, "s"))
        {
            first.Should().NotBeNull();
            SweepLock.TryTake(data, "s").Should().BeNull();
        }

        using SweepLock? next = SweepLock.TryTake(data, "s");
        next.Should().NotBeNull();
    }

    [Fact]
    public void What_is_no_other_process_is_not_waited_for()
    {
        using var folder = new TemporaryFolder();
        DataDirectory data = new(folder.Path);
        string path = data.File("sweeps", "s", "work", "lock");
        File.CreateSymbolicLink(path, path);
        FluentActions.Invoking(() => SweepLock.TryTake(data, "s")).Should().Throw<IOException>();
    }
}
