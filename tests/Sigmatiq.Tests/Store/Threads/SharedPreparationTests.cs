using Sigmatiq.Store.Threads;
using Sigmatiq.Tests.Workflows;

namespace Sigmatiq.Tests.Store.Threads;

public sealed class SharedPreparationTests
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(20);

    private readonly ManualClock clock = new();
    private int made;

    [Fact]
    public async Task What_pieces_share_is_made_once_and_let_go_a_while_after_its_last_use()
    {
        SharedPreparation<string> shared = new(clock, KeptFor);
        using (var one = await shared.UseAsync("a", MakeAsync))
        using (var other = await shared.UseAsync("a", MakeAsync))
        {
            other.Value.Should().BeSameAs(one.Value);
            clock.Advance(KeptFor * 2);
        }

        clock.Advance(KeptFor / 2);
        using (await shared.UseAsync("a", MakeAsync))
        {
            made.Should().Be(1, "it is in use, or was a moment ago");
        }

        clock.Advance(KeptFor / 2);
        (await shared.UseAsync("a", MakeAsync)).Dispose();
        made.Should().Be(1, "each use counts from its end");
        clock.Advance(KeptFor);
        (await shared.UseAsync("a", MakeAsync)).Dispose();
        made.Should().Be(2);
    }

    [Fact]
    public async Task Another_work_takes_the_place_and_what_could_not_be_made_is_tried_again()
    {
        SharedPreparation<string> shared = new(clock, KeptFor);
        using var first = await shared.UseAsync("a", MakeAsync);
        (await shared.UseAsync("b", MakeAsync)).Dispose();
        (await shared.UseAsync("a", MakeAsync)).Dispose();
        (made, first.Value).Should().Be((3, "1"));

        Func<Task> failing = () => shared.UseAsync("c", () => Task.FromException<string>(new IOException("no bars")));
        await failing.Should().ThrowAsync<IOException>();
        (await shared.UseAsync("c", MakeAsync)).Dispose();
        made.Should().Be(4);
    }

    private Task<string> MakeAsync() => Task.FromResult($"{Interlocked.Increment(ref made)}");
}
