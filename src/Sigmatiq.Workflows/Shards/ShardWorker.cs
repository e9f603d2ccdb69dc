using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Shards;

/// <summary>What a worker claims shards with.</summary>
/// <param name="Owner">Owner of its claims: no other start of any process has it.</param>
/// <param name="Slots">Shards under way at once.</param>
/// <param name="Term">How long a claim lasts unless it is renewed.</param>
public sealed record ShardTerms(string Owner, int Slots, TimeSpan Term)
{
    /// <summary>Claims of this work alone; null of any.</summary>
    public string? Only { get; init; }

    /// <summary>Whether it may take on more.</summary>
    public Func<bool> MayClaim { get; init; } = () => true;
}

/// <summary>Works on shards, a few at a time, whosever run they are of, until it is disposed.</summary>
public sealed class ShardWorker : IAsyncDisposable
{
    /// <summary>A shard whose worker was lost so often in a row fails instead of taking down another.</summary>
    public const int LostMax = 3;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250), WatchEvery = TimeSpan.FromSeconds(1);

    private readonly ShardTable table;
    private readonly StepKinds kinds;
    private readonly ShardTerms terms;
    private readonly RunViews views;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim looking = new(1);
    private readonly ConcurrentDictionary<ShardClaim, UnderWay> underWay = new();
    private readonly ConcurrentDictionary<string, (string Kind, ShardOrigin Origin)> works = new(StringComparer.Ordinal);
    private readonly Task[] loops;
    private long refused;

    private ShardWorker(ShardTable table, StepKinds kinds, ShardTerms terms, RunViews views, TimeProvider clock, ILogger log)
    {
        (this.table, this.kinds, this.terms, this.views, this.clock, this.log) = (table, kinds, terms, views, clock, log);
        loops = [.. Enumerable.Range(0, terms.Slots).Select(_ => Task.Run(() => LoopAsync(stop.Token))), Task.Run(() => WatchAsync(stop.Token))];
    }

    /// <summary>Ends that the store refused, since another had claimed the shard.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Shards under way.</summary>
    public int Busy => underWay.Count;

    /// <summary>Starts to work.</summary>
    public static ShardWorker Start(ShardTable table, StepKinds kinds, ShardTerms terms, RunViews views, TimeProvider clock, ILogger log) =>
        new(table, kinds, terms, views, clock, log);

    /// <summary>Stops the shards under way and gives them back.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        looking.Dispose();
        stop.Dispose();
    }

    private async Task LoopAsync(CancellationToken ct)
    {
        ShardClaim? claim = null;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                claim = claim is null ? await FindAsync(ct) : await DoAsync(claim, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // The store did not answer: a claim that could not be ended runs out, and its shard is done again.
                claim = null;
                log.LogWarning(e, "A shard could not be claimed or ended; the next look is {LookEveryMs} ms away", LookEvery.TotalMilliseconds);
                await Task.Delay(LookEvery, clock, ct);
            }
        }

        if (claim is not null)
        {
            await ReleaseAsync(claim);
        }
    }

    // One loop looks for all, so that an idle node asks four times a second however many slots it has.
    private async Task<ShardClaim?> FindAsync(CancellationToken ct)
    {
        await looking.WaitAsync(ct);
        try
        {
            while (!terms.MayClaim() || !await table.HasWorkAsync(terms.Only, ct))
            {
                await Task.Delay(LookEvery, clock, ct);
            }

            return (await table.EndAndClaimAsync(terms.Owner, null, null, null, terms.Term, terms.Only, ct)).Next;
        }
        finally
        {
            looking.Release();
        }
    }

    // Gives the next shard, claimed with the end of this one.
    private async Task<ShardClaim?> DoAsync(ShardClaim claim, CancellationToken ct)
    {
        using var work = new UnderWay(CancellationTokenSource.CreateLinkedTokenSource(ct));
        underWay[claim] = work;
        try
        {
            (JsonObject? output, ShardFailure? failure) = await RunAsync(claim, work, ct);
            if (output is null && failure is null)
            {
                // Cut off: by the end of this worker, or since the shard is no longer its to do.
                await ReleaseAsync(claim);
                return null;
            }

            await ReportAsync(claim, work, ct);
            (bool isCounted, ShardClaim? next) = await table.EndAndClaimAsync(
                terms.Owner, claim, output, failure, terms.MayClaim() ? terms.Term : null, terms.Only, CancellationToken.None);
            if (!isCounted)
            {
                Interlocked.Increment(ref refused);
                log.LogWarning("{Code} The store refused the end of shard {Shard} of {Work} (claim {Fence}): another has claimed it since", Lease.LostCode, claim.Shard, claim.WorkId, claim.Fence);
            }

            return next;
        }
        finally
        {
            underWay.TryRemove(claim, out _);
        }
    }

    private async Task<(JsonObject? Output, ShardFailure? Failure)> RunAsync(ShardClaim claim, UnderWay work, CancellationToken ct)
    {
        (string kindName, ShardOrigin origin) = await WorkAsync(claim.WorkId, ct);
        if (claim.Lost >= LostMax)
        {
            return Failed(new("CLU-2002", $"Shard {claim.Shard} of {claim.WorkId} lost its worker {claim.Lost} times in a row.", origin.Step,
                "Look for what ends the process (memory?), then try the step again: 'sigmatiq runs retry'."), FailureCategories.Internal);
        }

        try
        {
            if (kinds.ForShard(kindName) is not { } kind)
            {
                throw new ProblemException(WorkflowCodes.UnknownKind, $"There is no step kind '{kindName}'.", origin.Step, "Run it with the program that has it.");
            }

            StepContext context = origin.ContextOf(
                claim.Shard, (done, total, text) => work.Desk.Progress(origin.Step, origin.Item, origin.Attempt, done, total, text),
                line => work.Desk.Line(origin.Step, origin.Item, origin.Attempt, clock.GetUtcNow(), line));
            // A thread of its own: a shard computes, and the pool's few threads keep the claims.
            StepOutcome outcome = await Task.Factory.StartNew(
                () => kind.RunAsync(context, (JsonObject)claim.Input.DeepClone(), work.Token), CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
            return outcome switch
            {
                StepOutcome.Succeeded done => (done.Output, null),
                StepOutcome.Failed failed => Failed(failed.Problem, failed.Category),
                _ => Failed(new("CLU-2003", $"{kindName} waits for something, which a shard cannot.", origin.Step, "Use the kind in a step of its own."), FailureCategories.Refused),
            };
        }
        catch (OperationCanceledException) when (work.Token.IsCancellationRequested)
        {
            return (null, null);
        }
        catch (ProblemException e)
        {
            return Failed(e.Problem, FailureCategories.Refused);
        }
        catch (Exception e)
        {
            log.LogError(e, "Shard {Shard} of {Work} failed", claim.Shard, claim.WorkId);
            return Failed(new(WorkflowCodes.Unforeseen, $"Shard {claim.Shard} failed unexpectedly ({e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}).", origin.Step,
                $"See 'sigmatiq runs logs {origin.Run}'."), FailureCategories.Internal);
        }

        static (JsonObject?, ShardFailure?) Failed(Problem problem, string category) => (null, new(problem, category));
    }

    private async Task<(string Kind, ShardOrigin Origin)> WorkAsync(string workId, CancellationToken ct)
    {
        if (!works.TryGetValue(workId, out var work))
        {
            works[workId] = work = await table.FindAsync(workId, ct) ?? throw new InvalidOperationException($"There is no work {workId}.");
        }

        return work;
    }

    // Stops what is no longer this worker's to do: taken over, or of a run that has ended meanwhile.
    private async Task WatchAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(WatchEvery, clock, ct);
            try
            {
                await WatchAsync([.. underWay], ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogWarning(e, "The shards under way could not be looked after; the next look is {WatchEveryMs} ms away", WatchEvery.TotalMilliseconds);
            }
        }
    }

    private async Task WatchAsync(KeyValuePair<ShardClaim, UnderWay>[] now, CancellationToken ct)
    {
        if (now.Length == 0)
        {
            return;
        }

        foreach (string workId in now.Select(w => w.Key.WorkId).Distinct())
        {
            (_, ShardOrigin origin) = await WorkAsync(workId, ct);
            if ((await views.SummaryAsync(origin.Run, ct)).Status is "completed" or "failed" or "cancelled")
            {
                await table.DropAsync(workId, ct);
            }
        }

        IReadOnlySet<(string, int, long)> held = await table.HeldAsync(terms.Owner, ct);
        foreach (var (claim, work) in now)
        {
            if (held.Contains((claim.WorkId, claim.Shard, claim.Fence)))
            {
                await ReportAsync(claim, work, ct);
            }
            else if (underWay.ContainsKey(claim))
            {
                work.Stop();
            }
        }
    }

    private async Task ReportAsync(ShardClaim claim, UnderWay work, CancellationToken ct)
    {
        (_, ShardOrigin origin) = await WorkAsync(claim.WorkId, ct);
        foreach (AttemptReport report in work.Desk.Take())
        {
            await table.ReportAsync(terms.Owner, claim, origin, report, ct);
        }
    }

    private async Task ReleaseAsync(ShardClaim claim)
    {
        try
        {
            await table.ReleaseAsync(terms.Owner, claim, CancellationToken.None);
        }
        catch (ProblemException e)
        {
            log.LogInformation(e, "Shard {Shard} of {Work} was left without a word", claim.Shard, claim.WorkId);
        }
    }

    private sealed class UnderWay(CancellationTokenSource stop) : IDisposable
    {
        public AttemptDesk Desk { get; } = new();

        public CancellationToken Token => stop.Token;

        public void Stop()
        {
            try
            {
                _ = stop.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended by itself.
            }
        }

        public void Dispose() => stop.Dispose();
    }
}
