using Sigmatiq.Store.Threads;

namespace Sigmatiq.Tests.Store.Threads;

public sealed class SharedLoopTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Every_turn_is_taken_once_by_any_number_of_threads(int threads)
    {
        foreach (int count in (int[])[0, 1, 2, 6, 15, 16, 17, 1_000, 4_099])
        {
            foreach (int inARow in (int[])[1, 3, 16, 5_000])
            {
                int[] taken = new int[count];
                SharedLoop.Run(count, inARow, threads, i => Interlocked.Increment(ref taken[i]), TestContext.Current.CancellationToken);
                taken.Should().AllBeEquivalentTo(1, "{0} turns, {1} in a row, {2} threads", count, inARow, threads);
            }
        }
    }

    [Fact]
    public void A_thread_that_is_done_takes_over_what_a_slow_one_has_left()
    {
        using var others = new CountdownEvent(99);

        // The turn ends only once all others were taken, those of its own thread's stretch among them.
        SharedLoop.Run(
            100, 2,
            i =>
            {
                if (i == 0)
                {
                    others.Wait(TestContext.Current.CancellationToken);
                }
                else
                {
                    others.Signal();
                }
            },
            TestContext.Current.CancellationToken);

        others.CurrentCount.Should().Be(0);
    }

    [Fact]
    public void What_a_turn_throws_reaches_the_caller_as_itself_and_stops_the_rest()
    {
        foreach (int threads in (int[])[1, 3])
        {
            int taken = 0;
            Action run = () => SharedLoop.Run(
                100_000, threads,
                i =>
                {
                    Interlocked.Increment(ref taken);
                    if (i == 10)
                    {
                        throw new InvalidDataException("turn 10");
                    }

                    Thread.SpinWait(50);
                },
                TestContext.Current.CancellationToken);

            run.Should().Throw<InvalidDataException>().WithMessage("turn 10");
            taken.Should().BeLessThan(100_000);
        }
    }

    [Fact]
    public void A_loop_that_is_cancelled_stops_between_turns()
    {
        foreach (int threads in (int[])[1, 3])
        {
            using var stop = new CancellationTokenSource();
            int taken = 0;
            Action run = () => SharedLoop.Run(
                100_000, threads,
                i =>
                {
                    if (Interlocked.Increment(ref taken) == 5)
                    {
                        stop.Cancel();
                    }
                },
                stop.Token);

            run.Should().Throw<OperationCanceledException>();
            taken.Should().BeLessThan(100_000);
        }
    }

    [Fact]
    public void Loops_may_run_side_by_side_and_inside_each_other()
    {
        long sum = 0;
        SharedLoop.Run(
            8, 4,
            outer => SharedLoop.Run(200, 3, inner => Interlocked.Add(ref sum, (outer * 200) + inner), TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken);

        sum.Should().Be(1600L * 1599 / 2);
    }

    [Fact]
    public void A_turn_sees_the_context_of_its_own_loop_on_every_thread()
    {
        var context = new AsyncLocal<int>();
        for (int loop = 1; loop <= 20; loop++)
        {
            int expected = context.Value = loop;
            int strange = 0;
            SharedLoop.Run(64, 4, _ => Interlocked.Add(ref strange, context.Value == expected ? 0 : 1), TestContext.Current.CancellationToken);

            strange.Should().Be(0, "loop {0}", loop);
        }
    }

    [Fact]
    public void A_thread_at_rest_holds_nothing_of_the_loop_it_worked_on()
    {
        WeakReference work = LoopOver();
        for (int i = 0; i < 50 && work.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        work.IsAlive.Should().BeFalse();
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference LoopOver()
    {
        byte[] work = new byte[100];
        SharedLoop.Run(work.Length, 4, i => work[i]++, TestContext.Current.CancellationToken);
        return new(work);
    }

    [Fact]
    public void A_thousand_short_loops_in_a_row_lose_no_turn()
    {
        long sum = 0;
        for (int n = 0; n < 1_000; n++)
        {
            SharedLoop.Run(n % 50, 3, i => Interlocked.Add(ref sum, i + 1), TestContext.Current.CancellationToken);
        }

        long expected = Enumerable.Range(0, 1_000).Sum(n => (n % 50) * ((n % 50) + 1L) / 2);
        sum.Should().Be(expected);
    }
}
