using Sigmatiq.Workflows.Engine;

namespace Sigmatiq.Tests.Workflows.Engine;

public sealed class AttemptThreadsTests
{
    private readonly AttemptThreads threads = new();

    [Fact]
    public async Task A_thread_that_is_free_takes_the_next_attempt_and_none_is_the_pools()
    {
        HashSet<int> used = [];
        for (int i = 0; i < 50; i++)
        {
            (int id, bool isPool) = await threads.RunAsync(() => Task.FromResult((Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread)));
            used.Add(id);
            isPool.Should().BeFalse();
        }

        used.Should().ContainSingle();
    }

    [Fact]
    public async Task Attempts_that_compute_at_the_same_time_hold_nobody_up()
    {
        using Barrier all = new(12);
        Task<bool>[] works = [.. Enumerable.Range(0, 12).Select(_ => threads.RunAsync(() => Task.FromResult(all.SignalAndWait(TimeSpan.FromSeconds(30)))))];
        (await Task.WhenAll(works)).Should().OnlyContain(together => together, "each has a thread of its own");
    }

    [Fact]
    public async Task What_comes_after_the_first_wait_is_awaited_and_what_is_thrown_before_it_is_told()
    {
        TaskCompletionSource<int> later = new();
        Task<int> work = threads.RunAsync(() => later.Task);
        work.IsCompleted.Should().BeFalse();
        later.SetResult(7);
        (await work).Should().Be(7);
        await FluentActions.Awaiting(() => threads.RunAsync<int>(() => throw new InvalidTimeZoneException())).Should().ThrowAsync<InvalidTimeZoneException>();
        (await threads.RunAsync(() => Task.FromResult(8))).Should().Be(8, "the thread outlives it");
    }

    [Fact]
    public async Task Nothing_of_one_attempts_context_stays_for_the_next()
    {
        AsyncLocal<string?> local = new() { Value = "the caller's" };
        string? seen = await threads.RunAsync(() =>
        {
            string? found = local.Value;
            local.Value = "the attempt's";
            return Task.FromResult(found);
        });
        seen.Should().Be("the caller's");
        local.Value = null;
        (await threads.RunAsync(() => Task.FromResult(local.Value))).Should().BeNull();
    }
}
