using System.Globalization;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.Store.Content;

public sealed class KeptByContentTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_formed_once_is_not_formed_again()
    {
        KeptByContent kept = new(100);
        int formed = 0;
        Task<string> Get(string name) => kept.GetAsync(name, _ => Task.FromResult($"{name}{++formed}"), _ => 10, Ct);
        (await Get("a")).Should().Be("a1");
        (await Get("b")).Should().Be("b2", "another name is another value");
        (await Get("a")).Should().Be("a1");
        kept.Bytes.Should().Be(20);
    }

    [Fact]
    public async Task Many_who_ask_at_once_wait_for_one()
    {
        KeptByContent kept = new(100);
        TaskCompletionSource<string> late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int formed = 0;
        Task<string>[] all = [.. Enumerable.Range(0, 20).Select(_ => kept.GetAsync("a", _ =>
        {
            Interlocked.Increment(ref formed);
            return late.Task;
        }, _ => 1, Ct))];
        all.Should().OnlyContain(t => !t.IsCompleted);
        late.SetResult("x");
        (await Task.WhenAll(all)).Should().OnlyContain(v => v == "x");
        formed.Should().Be(1);
    }

    [Fact]
    public async Task Whoever_leaves_stops_nobody_else_and_the_last_one_stops_the_work()
    {
        KeptByContent kept = new(100);
        TaskCompletionSource<string> late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string> Form(CancellationToken stop)
        {
            stop.Register(() =>
            {
                stopped.TrySetResult();
                late.TrySetCanceled(stop);
            });
            return late.Task;
        }

        using CancellationTokenSource one = new(), other = new();
        Task<string> first = kept.GetAsync("a", Form, _ => 1, one.Token), second = kept.GetAsync("a", Form, _ => 1, other.Token);
        await one.CancelAsync();
        await FluentActions.Awaiting(() => first).Should().ThrowAsync<OperationCanceledException>();
        stopped.Task.IsCompleted.Should().BeFalse("the second still waits");
        await other.CancelAsync();
        await FluentActions.Awaiting(() => second).Should().ThrowAsync<OperationCanceledException>();
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        (await kept.GetAsync("a", _ => Task.FromResult("anew"), _ => 1, Ct)).Should().Be("anew", "what was given up is begun anew");
    }

    [Fact]
    public async Task A_failure_is_told_to_all_who_wait_and_not_kept()
    {
        KeptByContent kept = new(100);
        TaskCompletionSource<string> late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string>[] all = [.. Enumerable.Range(0, 3).Select(_ => kept.GetAsync("a", _ => late.Task, _ => 1, Ct))];
        late.SetException(new InvalidOperationException("broken"));
        foreach (Task<string> each in all)
        {
            (await FluentActions.Awaiting(() => each).Should().ThrowAsync<InvalidOperationException>()).Which.Message.Should().Be("broken");
        }

        kept.Bytes.Should().Be(0);
        (await kept.GetAsync("a", _ => Task.FromResult("well"), _ => 1, Ct)).Should().Be("well");
    }

    [Fact]
    public async Task What_was_asked_for_longest_ago_goes_first_and_what_is_too_large_is_not_kept()
    {
        KeptByContent kept = new(100);
        List<string> formed = [];
        Task<string> Get(string name, long bytes) => kept.GetAsync(name, _ =>
        {
            formed.Add(name);
            return Task.FromResult(name);
        }, _ => bytes, Ct);
        await Get("a", 40);
        await Get("b", 40);
        await Get("a", 40);
        await Get("c", 40);
        await Get("a", 40);
        formed.Should().Equal("a", "b", "c");
        await Get("b", 40);
        formed.Should().Equal(["a", "b", "c", "b"], "b went, since a was asked for after it");
        await Get("large", 51);
        await Get("large", 51);
        formed.Count(f => f == "large").Should().Be(2, "it would take more than half of the room");
    }

    [Fact]
    public async Task Whatever_is_asked_for_the_room_is_never_exceeded_and_every_answer_is_of_its_name()
    {
        for (long seed = 1; seed <= 20; seed++)
        {
            Rng rng = Rng.From(seed);
            KeptByContent kept = new(1_000);
            for (int i = 0; i < 300; i++)
            {
                string name = rng.NextInt(40).ToString(CultureInfo.InvariantCulture);
                int bytes = rng.NextInt(700);
                (await kept.GetAsync(name, _ => Task.FromResult("of " + name), _ => bytes, Ct)).Should().Be("of " + name, $"seed {seed}");
                kept.Bytes.Should().BeInRange(0, 1_000, $"seed {seed}, step {i}");
            }
        }
    }
}
