using System.Collections.Concurrent;
using Sigmatiq.Store.Leases;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Workflows.Engine;

/// <summary>The right of this process to drive one run; disposing it gives the run back.</summary>
/// <param name="Run">The run.</param>
/// <param name="Writes">Shown before every write.</param>
/// <param name="HasRoom">Whether the run may work; without room in its group it is only answered.</param>
/// <param name="Lost">Cancelled when the right is known to be gone: driving stops at once.</param>
public sealed record RunClaim(RunId Run, IWriteClaim Writes, bool HasRoom, CancellationToken Lost) : IAsyncDisposable
{
    /// <summary>Gives it back.</summary>
    public Func<ValueTask> GiveBack { get; init; } = () => ValueTask.CompletedTask;

    /// <summary>The process whose claim had run out; null where it was given back or there was none.</summary>
    public string? TakenFrom { get; init; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => GiveBack();
}

/// <summary>How this process comes by runs to drive.</summary>
public interface IRunClaims
{
    /// <summary>Claims of these runs those that this process can have and has room for.</summary>
    /// <param name="wanted">Runs that want driving and that this process neither drives nor holds, oldest first.</param>
    /// <param name="ct">Cancels before anything is claimed.</param>
    Task<IReadOnlyList<RunClaim>> TakeAsync(IReadOnlyList<RunWanted> wanted, CancellationToken ct);
}

/// <summary>The runs of a store with one engine: the engine's lease is the right to all of them, and room is counted in this process.</summary>
/// <param name="engine">The engine's lease.</param>
public sealed class EngineRunClaims(IWriteClaim engine) : IRunClaims
{
    private readonly ConcurrentDictionary<RunId, string?> taken = new();
    private readonly Lock counting = new();

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunClaim>> TakeAsync(IReadOnlyList<RunWanted> wanted, CancellationToken ct)
    {
        List<RunClaim> claims = [];
        lock (counting)
        {
            foreach (RunWanted run in wanted)
            {
                // Without room in its group a run still gets its answer: one that queues can be paused and cancelled.
                bool hasRoom = HasRoom(run);
                if ((hasRoom || run.IsAsked) && taken.TryAdd(run.Run, hasRoom ? run.Group : null))
                {
                    claims.Add(ClaimOf(run.Run, hasRoom));
                }
            }
        }

        return Task.FromResult<IReadOnlyList<RunClaim>>(claims);
    }

    /// <summary>The claim of the one run that this process drives, whatever its group.</summary>
    public RunClaim ForOnly(RunId run)
    {
        taken[run] = null;
        return ClaimOf(run, hasRoom: true);
    }

    private bool HasRoom(RunWanted run) => run.Group is null || run.Limit == 0 || taken.Values.Count(g => g == run.Group) < run.Limit;

    private RunClaim ClaimOf(RunId run, bool hasRoom) => new(run, engine, hasRoom, CancellationToken.None)
    {
        GiveBack = () =>
        {
            taken.TryRemove(run, out _);
            return ValueTask.CompletedTask;
        },
    };
}
