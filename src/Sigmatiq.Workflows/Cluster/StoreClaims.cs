using Microsoft.Extensions.Logging;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Workflows.Cluster;

/// <summary>Rows of a shared store say who does which work, whatever machine it is on: <c>sweeps/{id}/work</c>, <c>training/{id}</c> in
/// <c>leases</c>. A process that is a node claims as that node; one that is none, such as a command, under a name of its own.</summary>
/// <param name="rows">The store.</param>
/// <param name="node">This process as a node; null while it is none.</param>
/// <param name="owner">This process, e.g. <c>machine/4711</c>.</param>
/// <param name="ids">Tells this start from every other.</param>
/// <param name="clock">This machine's clock.</param>
/// <param name="log">For claims that are lost.</param>
public sealed class StoreClaims(IRowStore rows, Func<ClusterNode?> node, string owner, IdSource ids, TimeProvider clock, ILogger log) : IWorkClaims
{
    private readonly Lazy<ClaimKeeper> alone = new(() =>
    {
        ClaimKeeper keeper = new(rows, new(clock), clock, new(), $"{owner}#{ids.NextUuid():N}", log);
        keeper.Start(presence: null);
        return keeper;
    });

    /// <inheritdoc/>
    public async Task<IWorkClaim?> TryTakeAsync(string[] folder, CancellationToken ct) => await (node()?.Keeper ?? alone.Value).TryClaimAsync(NameOf(folder), ct);

    /// <inheritdoc/>
    public async Task<bool> IsHeldAsync(string[] folder, CancellationToken ct)
    {
        DateTimeOffset now = await new StoreClock(clock).NowAsync(rows, ct);
        return await rows.FirstOrDefaultAsync<string>(
            "select owner from leases where name = @Name and owner <> '' and expires_at_utc > @now", new { Name = NameOf(folder), now }, ct) is not null;
    }

    private static string NameOf(string[] folder) => string.Join('/', folder);
}
