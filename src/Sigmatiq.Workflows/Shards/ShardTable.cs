using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Workflows.Shards;

/// <summary>The shards of all works. A result and the state that counts it change in one statement that names the claim's fence, so that each
/// shard counts once, whoever else may have worked on it. Shards of one work are done by one build of the program.</summary>
/// <param name="rows">The store.</param>
/// <param name="storeClock">Judges expiries.</param>
/// <param name="build">Content of the program that claims; null takes this one.</param>
public sealed class ShardTable(IRowStore rows, StoreClock storeClock, string? build = null)
{
    private readonly string build = build ?? Cluster.ProgramBuild.Current;

    private const string Ours = "exists (select 1 from shard_works w where w.work_id = shards.work_id and w.build = @build)";

    private const string Mine = "work_id = @WorkId and shard = @Shard and fence = @Fence and owner = @owner and state = 'claimed'";

    /// <summary>Enters a work; one that is there stays, and those of its shards that had failed or were dropped are opened again. One that another
    /// build of the program has begun is begun anew: two programs could give two results.</summary>
    /// <exception cref="ProblemException">CLU-2001: there is other work under this id.</exception>
    public Task MakeAsync(ShardWork work, CancellationToken ct) => rows.InTransactionAsync(async tx =>
    {
        DateTimeOffset now = await storeClock.NowAsync(tx, ct);
        int added = await tx.ExecuteAsync(
            """
            insert into shard_works (work_id, kind, context, input_hash, total, made_at_utc, build) values (@WorkId, @Kind, @Context, @InputHash, @Total, @now, @build)
            on conflict do nothing
            """,
            new { work.WorkId, work.Kind, Context = StepJson.ToObject(work.Origin).ToJsonString(), work.InputHash, Total = work.Inputs.Count, now, build }, ct);
        MadeRow made = await tx.FirstAsync<MadeRow>("select input_hash, build from shard_works where work_id = @WorkId", new { work.WorkId }, ct);
        if (made.InputHash == work.InputHash.Hex && made.Build != build)
        {
            // What the other build still does finds its claim gone.
            await tx.ExecuteAsync("delete from shards where work_id = @WorkId", new { work.WorkId }, ct);
            added = await tx.ExecuteAsync("update shard_works set build = @build, made_at_utc = @now where work_id = @WorkId", new { work.WorkId, build, now }, ct);
        }

        if (added == 1)
        {
            await tx.ExecuteAsync("insert into shards (work_id, shard, input, state) values (@WorkId, @Shard, @Input, 'open')",
                work.Inputs.Select((input, i) => new { work.WorkId, Shard = i, Input = CanonicalJson.Text(input) }).ToList(), ct);
            return;
        }

        if (made.InputHash != work.InputHash.Hex)
        {
            throw new ProblemException("CLU-2001", $"Other work was cut into shards as {work.WorkId}.", work.WorkId, "Run the step in a new run: 'sigmatiq runs rerun'.");
        }

        await tx.ExecuteAsync("update shards set state = 'open', lost = 0, problem = null where work_id = @WorkId and state in ('failed', 'dropped')", new { work.WorkId }, ct);
    }, ct);

    /// <summary>What a work is about; null where there is none.</summary>
    public async Task<(string Kind, ShardOrigin Origin)?> FindAsync(string workId, CancellationToken ct) =>
        await rows.FirstOrDefaultAsync<WorkRow>("select kind, context from shard_works where work_id = @workId", new { workId }, ct) is { } found
            ? (found.Kind, StepJson.FromObject<ShardOrigin>(JsonNode.Parse(found.Context)!.AsObject())) : null;

    /// <summary>Whether there may be a shard to claim: a look that locks nothing.</summary>
    public async Task<bool> HasWorkAsync(string? only, CancellationToken ct)
    {
        DateTimeOffset now = await storeClock.NowAsync(rows, ct);
        return await rows.FirstOrDefaultAsync<string>(
            $"select work_id from shards where state in ('open', 'claimed') and (state = 'open' or expires_at_utc <= @now) {Only(only)} and {Ours} limit 1", new { now, only, build }, ct) is not null;
    }

    /// <summary>Ends a shard that was claimed, where its claim still stands, and claims the next one, in one transaction.</summary>
    /// <param name="owner">Who has claimed and claims.</param>
    /// <param name="ended">The shard that ended; null where none did.</param>
    /// <param name="output">What it gave; null where it failed.</param>
    /// <param name="failure">Why it failed; null where it did not.</param>
    /// <param name="term">How long the next claim lasts unless renewed; null claims none.</param>
    /// <param name="only">Claims of this work alone; null of any.</param>
    /// <param name="ct">Stops before anything is written.</param>
    /// <returns>Whether the end was counted: false where another has claimed the shard since. And the next shard; null where there is none.</returns>
    public Task<(bool IsCounted, ShardClaim? Next)> EndAndClaimAsync(
        string owner, ShardClaim? ended, JsonObject? output, ShardFailure? failure, TimeSpan? term, string? only, CancellationToken ct) => rows.BesideOthersAsync(async tx =>
    {
        DateTimeOffset now = await storeClock.NowAsync(tx, ct);
        bool isCounted = ended is not null && await EndAsync(tx, owner, ended, output, failure, now, ct);
        return (isCounted, term is { } lasts ? await ClaimAsync(tx, owner, now, now + lasts, only, ct) : null);
    }, ct);

    /// <summary>Gives claimed shards back undone, which counts against nobody.</summary>
    public Task ReleaseAsync(string owner, ShardClaim claim, CancellationToken ct) =>
        rows.ExecuteAsync($"update shards set state = 'open', owner = '', expires_at_utc = '' where {Mine}", new { claim.WorkId, claim.Shard, claim.Fence, owner }, ct);

    /// <summary>Opens the shards whose claimant is known to be dead by other means than an expiry.</summary>
    public Task ReopenAsync(string workId, CancellationToken ct) => rows.ExecuteAsync(
        "update shards set state = 'open', owner = '', expires_at_utc = '', lost = lost + 1 where work_id = @workId and state = 'claimed'", new { workId }, ct);

    /// <summary>Sees to it that what is left of a work is not done any more.</summary>
    public Task DropAsync(string workId, CancellationToken ct) =>
        rows.ExecuteAsync("update shards set state = 'dropped', owner = '' where work_id = @workId and state in ('open', 'claimed')", new { workId }, ct);

    /// <summary>The claims that stand for an owner.</summary>
    public async Task<IReadOnlySet<(string WorkId, int Shard, long Fence)>> HeldAsync(string owner, CancellationToken ct) =>
        (await rows.QueryAsync<HeldRow>("select work_id, shard, fence from shards where owner = @owner and state = 'claimed'", new { owner }, ct))
        .Select(h => (h.WorkId, h.Shard, h.Fence)).ToHashSet();

    /// <summary>How far a work is.</summary>
    public async Task<ShardCount> CountAsync(string workId, CancellationToken ct)
    {
        var by = (await rows.QueryAsync<CountRow>("select state, count(*) as number from shards where work_id = @workId group by state", new { workId }, ct))
            .ToDictionary(r => r.State, r => r.Number, StringComparer.Ordinal);
        long Of(string state) => by.GetValueOrDefault(state);
        return new(Of("open"), Of("claimed"), Of("done"), Of("failed"), Of("dropped"));
    }

    /// <summary>The first failure of a work, by number; null without.</summary>
    public async Task<(int Shard, ShardFailure Failure)?> FirstFailureAsync(string workId, CancellationToken ct) =>
        await rows.FirstOrDefaultAsync<FailureRow>("select shard, problem from shards where work_id = @workId and state = 'failed' order by shard limit 1", new { workId }, ct) is { } row
            ? (row.Shard, StepJson.FromObject<ShardFailure>(JsonNode.Parse(row.Problem)!.AsObject())) : null;

    /// <summary>The results of a finished work, in the order of its shards, whoever did them and when.</summary>
    public async Task<IReadOnlyList<JsonObject>> ResultsAsync(string workId, CancellationToken ct) =>
        [.. (await rows.QueryAsync<string>("select result from shards where work_id = @workId and state = 'done' order by shard", new { workId }, ct))
            .Select(r => JsonNode.Parse(r)!.AsObject())];

    /// <summary>Keeps what a shard reports of itself with its attempt, while its claim stands.</summary>
    internal Task ReportAsync(string owner, ShardClaim claim, ShardOrigin origin, AttemptReport report, CancellationToken ct) => rows.BesideOthersAsync(async tx =>
    {
        if (await tx.ExecuteAsync($"update shards set owner = owner where {Mine}", new { claim.WorkId, claim.Shard, claim.Fence, owner }, ct) != 1)
        {
            return;
        }

        if (origin.IsWhole)
        {
            await tx.ExecuteAsync(
                """
                update step_attempts set progress_done = @Done, progress_total = @Total, progress_text = @Text, sign_at_utc = @now
                 where run_id = @Run and step = @Step and item = @Item and attempt = @Attempt
                """,
                new { Run = origin.Run.Value, origin.Step, origin.Item, origin.Attempt, report.Done, report.Total, report.Text, now = await storeClock.NowAsync(tx, ct) }, ct);
        }

        await tx.ExecuteAsync(
            "insert into step_log (run_id, step, item, attempt, at_utc, line) values (@Run, @Step, @Item, @Attempt, @AtUtc, @Line)",
            report.Lines.Select(l => new { Run = origin.Run.Value, origin.Step, origin.Item, origin.Attempt, l.AtUtc, Line = origin.IsWhole ? l.Line : $"shard {claim.Shard}: {l.Line}" }).ToList(), ct);
    }, ct);

    /// <summary>Renews all claims of an owner.</summary>
    internal static Task RenewAsync(IRowTransaction tx, string owner, DateTimeOffset expiresUtc, CancellationToken ct) =>
        tx.ExecuteAsync("update shards set expires_at_utc = @expiresUtc where owner = @owner and state = 'claimed'", new { owner, expiresUtc }, ct);

    private static async Task<bool> EndAsync(
        IRowTransaction tx, string owner, ShardClaim ended, JsonObject? output, ShardFailure? failure, DateTimeOffset now, CancellationToken ct)
    {
        string? result = output is null ? null : CanonicalJson.Text(output);
        return await tx.ExecuteAsync(
            $"update shards set state = @State, owner = '', result = @Result, result_hash = @ResultHash, problem = @Problem, done_at_utc = @now where {Mine}",
            new
            {
                ended.WorkId, ended.Shard, ended.Fence, owner, now, State = failure is null ? "done" : "failed", Result = result,
                ResultHash = result is null ? null : ContentHash.Of(result).Hex, Problem = failure is null ? null : StepJson.ToObject(failure).ToJsonString(),
            }, ct) == 1;
    }

    private async Task<ShardClaim?> ClaimAsync(IRowTransaction tx, string owner, DateTimeOffset now, DateTimeOffset expires, string? only, CancellationToken ct) =>
        await tx.FirstOrDefaultAsync<ClaimRow>(
            $$"""
            update shards set lost = case when state = 'claimed' then lost + 1 else lost end, state = 'claimed', owner = @owner, fence = fence + 1, expires_at_utc = @expires
             where (work_id, shard) = (select work_id, shard from shards
                                        where state in ('open', 'claimed') and (state = 'open' or expires_at_utc <= @now) {{Only(only)}} and {{Ours}} order by work_id, shard limit 1 {lock})
               and state in ('open', 'claimed') and (state = 'open' or expires_at_utc <= @now)
            returning work_id, shard, fence, lost, input
            """, new { owner, now, expires, only, build }, ct) is { } row
            ? new(row.WorkId, row.Shard, row.Fence, row.Lost, JsonNode.Parse(row.Input)!.AsObject()) : null;

    private static string Only(string? work) => work is null ? "" : "and work_id = @only";

    private sealed record WorkRow(string Kind, string Context);

    private sealed record MadeRow(string InputHash, string Build);

    private sealed record HeldRow(string WorkId, int Shard, long Fence);

    private sealed record CountRow(string State, long Number);

    private sealed record FailureRow(int Shard, string Problem);

    private sealed record ClaimRow(string WorkId, int Shard, long Fence, int Lost, string Input);
}
