using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sigmatiq.Market.Bars;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Workflows.Retention;

/// <summary>What a policy lets go now.</summary>
/// <param name="Runs">Ended runs whose journals go into an archive, oldest first.</param>
/// <param name="LogLines">Log lines of ended runs.</param>
/// <param name="LogFiles">Log files, below the data directory.</param>
/// <param name="Keys">Idempotency keys.</param>
/// <param name="Messages">Delivered messages.</param>
/// <param name="Snapshots">Snapshots of bars that nothing uses.</param>
/// <param name="BarFiles">Bar files that no remaining snapshot names.</param>
/// <param name="BarBytes">Their size.</param>
public sealed record RetentionPlan(
    IReadOnlyList<string> Runs, long LogLines, IReadOnlyList<string> LogFiles, long Keys, long Messages, IReadOnlyList<string> Snapshots, IReadOnlyList<string> BarFiles, long BarBytes)
{
    /// <summary>Bound to exactly this: a commit under it does what was shown, or nothing.</summary>
    public string Token => ContentHash.OfJson(new JsonObject
    {
        ["runs"] = Texts(Runs), ["log_lines"] = LogLines, ["log_files"] = Texts(LogFiles), ["keys"] = Keys, ["messages"] = Messages, ["snapshots"] = Texts(Snapshots), ["bar_files"] = Texts(BarFiles),
    }).Short;

    /// <summary>Whether there is nothing to let go.</summary>
    public bool IsEmpty => Runs.Count == 0 && LogLines == 0 && LogFiles.Count == 0 && Keys == 0 && Messages == 0 && Snapshots.Count == 0 && BarFiles.Count == 0;

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);
}

/// <summary>Lets go what a policy keeps no longer, and never what an approval, a deployment, a trained model, an audit record, the trial ledger, a rerun or
/// an open run names.</summary>
/// <param name="rows">The rows. On PostgreSQL only their owner may take journals out.</param>
/// <param name="data">The files.</param>
/// <param name="bars">Bars.</param>
/// <param name="audit">Where each archive is recorded.</param>
/// <param name="clock">The clock.</param>
public sealed partial class StoreRetention(IRowStore rows, DataDirectory data, BarStore bars, AuditChain audit, TimeProvider clock)
{
    /// <summary>Codes: the plan has changed since it was shown; no reason was given; what was shown has gone already.</summary>
    public const string Changed = "STO-6102", ReasonMissing = "STO-6103", Gone = "STO-6105";

    // So many at a time: the next pruning takes the next.
    private const int RunsMax = 5_000, RunsOfArchive = 500;

    // A run's journal names the snapshots that its steps were pinned to, so that 'reproduce' finds them.
    private const string Used = """
        select count(*) from (
            select 1 from sweeps where data_snapshot_id = @Id
            union all select 1 from training_jobs where data_snapshot_id = @Id
            union all select 1 from trained_models where data_snapshot_id = @Id
            union all select 1 from approvals where body like '%' || @Id || '%'
            union all select 1 from run_events where run_id not in @Gone and body like '%' || @Id || '%'
            union all select 1 from runs where run_id not in @Gone and parameters like '%' || @Id || '%') used
        """;

    private readonly RunArchive archive = new(rows, data);

    /// <summary>What a policy lets go now; ages count in whole days, so that it stays the same for a day.</summary>
    /// <exception cref="ProblemException">MKT-4005: bars are being written. STO-3004: a manifest is damaged.</exception>
    public async Task<RetentionPlan> PlanAsync(RetentionPolicy policy, CancellationToken ct)
    {
        IReadOnlyList<string> runs = policy.Runs is { } age ? await RunsAsync(Before(age), policy.KeepLast, ct) : [];
        Pruned pruned = policy.Snapshots ? await PruneAsync(runs, dryRun: true, ct) : new(0, [], [], 0);
        return new(
            runs,
            policy.Logs is { } logs ? await rows.FirstAsync<long>(LogLines("select count(*) from step_log"), new { Before = Before(logs), Gone = Never(runs) }, ct) : 0,
            policy.Logs is { } files ? LogFiles(Before(files)) : [],
            policy.Keys is { } keys ? await rows.FirstAsync<long>("select count(*) from idempotency_keys where requested_at_utc < @Before", new { Before = Before(keys) }, ct) : 0,
            policy.Messages is { } messages ? await MessagesAsync(Before(messages), ct) : 0,
            [.. pruned.Snapshots.Select(s => s.Hex)], pruned.Files, pruned.Bytes);
    }

    /// <summary>Does what was shown under a token, or nothing.</summary>
    /// <param name="policy">The policy that was shown.</param>
    /// <param name="token">The plan's token; null takes whatever the plan is now.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="ct">Stops between two archives or tables; what is left goes the next time.</param>
    /// <exception cref="ProblemException">STO-6102: the plan has changed. STO-6103: no reason. STO-6105: it was done before. STO-1011: on PostgreSQL, not the owner.</exception>
    public async Task<RetentionPlan> CommitAsync(RetentionPolicy policy, string? token, string by, string reason, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            throw new ProblemException(ReasonMissing, "Letting go needs a reason.", "--reason", "Say why, for the record.", ExitCode.BadUsage);
        }

        RetentionPlan plan = await PlanAsync(policy, ct);
        if (token is not null && plan.Token != token)
        {
            if (await rows.FirstAsync<long>("select count(*) from audit where action = 'store.prune' and payload like @Named", new { Named = $"%\"token\":\"{Plain(token)}\"%" }, ct) > 0)
            {
                throw new ProblemException(Gone, $"What was shown under {token} has gone already.", "--commit", "Nothing needs to be done.", ExitCode.Ok);
            }

            throw new ProblemException(Changed, $"What would go now is not what was shown under {token}.", "--commit", "Look at it again, then commit under the new token.", ExitCode.BadUsage);
        }

        foreach (string[] some in plan.Runs.Chunk(RunsOfArchive))
        {
            await ArchiveAsync(some, by, reason, ct);
        }

        if (plan.LogLines > 0)
        {
            await rows.ExecuteAsync(LogLines("delete from step_log"), new { Before = Before(policy.Logs!.Value), Gone = Never([]) }, ct);
        }

        foreach (string file in plan.LogFiles)
        {
            File.Delete(Path.Combine(data.Root, file));
        }

        if (plan.Keys > 0)
        {
            await rows.ExecuteAsync("delete from idempotency_keys where requested_at_utc < @Before", new { Before = Before(policy.Keys!.Value) }, ct);
        }

        if (plan.Messages > 0)
        {
            await rows.InTransactionAsync(async tx =>
            {
                DateTimeOffset before = Before(policy.Messages!.Value);
                await tx.ExecuteAsync("delete from deliveries where delivered_at_utc < @before", new { before }, ct);
                await tx.ExecuteAsync("delete from outbox where delivered_at_utc < @before", new { before }, ct);
            }, ct);
        }

        if (plan.Snapshots.Count + plan.BarFiles.Count > 0)
        {
            await PruneAsync([], dryRun: false, ct);
        }

        if (!plan.IsEmpty)
        {
            await rows.InTransactionAsync(tx => audit.AppendAsync(tx, new(by, "store.prune", "store", reason, new JsonObject
            {
                ["runs"] = plan.Runs.Count, ["log_lines"] = plan.LogLines, ["log_files"] = plan.LogFiles.Count, ["keys"] = plan.Keys, ["messages"] = plan.Messages,
                ["snapshots"] = plan.Snapshots.Count, ["bar_files"] = plan.BarFiles.Count, ["token"] = plan.Token,
            }), ct), ct);
        }

        return plan;
    }

    // The file first, then, in one transaction, the rows that name it and those that it holds.
    private async Task ArchiveAsync(IReadOnlyList<string> runs, string by, string reason, CancellationToken ct)
    {
        var (path, hash, bytes) = await archive.WriteAsync(runs, ct);
        await rows.InTransactionAsync(async tx =>
        {
            await audit.AppendAsync(tx, new(by, "store.archive", $"archive:{hash.Hex}", reason, new JsonObject { ["path"] = path, ["runs"] = runs.Count }), ct);
            await tx.ExecuteAsync("insert into run_archives (archive_hash, path, runs, bytes, made_at_utc) values (@Hash, @path, @Count, @bytes, @Now)",
                new { Hash = hash.Hex, path, runs.Count, bytes, Now = clock.GetUtcNow() }, ct);
            await tx.ExecuteAsync("insert into archived_runs (run_id, archive_hash) values (@Run, @Hash)", runs.Select(r => new { Run = r, Hash = hash.Hex }).ToList(), ct);
            foreach (string table in (string[])["run_events", "step_attempts", "step_log"])
            {
                await tx.ExecuteAsync($"delete from {table} where run_id in @runs", new { runs }, ct);
            }
        }, ct);
    }

    private async Task<IReadOnlyList<string>> RunsAsync(DateTimeOffset before, int keepLast, CancellationToken ct)
    {
        HashSet<string> named = new(StringComparer.Ordinal);
        foreach (string sql in (string[])
        [
            "select run_id from approvals", "select run_id from deployments", "select body from deployments", "select subject || ' ' || payload from audit",
            "select rerun_of from runs where rerun_of is not null", "select coalesce(meta, '') from trained_models", "select source_id from trials", "select coalesce(run_id, '') from backfill_fires where outcome is null",
        ])
        {
            foreach (string text in await rows.QueryAsync<string>(sql, null, ct))
            {
                named.UnionWith(RunIds().Matches(text).Select(m => m.Value));
            }
        }

        IReadOnlyList<string> old = await rows.QueryAsync<string>(
            """
            select run_id from (select run_id, ended_at_utc, row_number() over (partition by workflow_id order by run_id desc) as place from runs) ranked
             where ended_at_utc < @before and place > @keepLast and run_id not in (select run_id from archived_runs) order by run_id
            """,
            new { before, keepLast }, ct);
        return [.. old.Where(r => !named.Contains(r)).Take(RunsMax)];
    }

    private async Task<long> MessagesAsync(DateTimeOffset before, CancellationToken ct) =>
        await rows.FirstAsync<long>("select count(*) from outbox where delivered_at_utc < @before", new { before }, ct)
        + await rows.FirstAsync<long>("select count(*) from deliveries where delivered_at_utc < @before", new { before }, ct);

    private Task<Pruned> PruneAsync(IReadOnlyList<string> gone, bool dryRun, CancellationToken ct) => new BarPrune(data, bars).RunAsync(
        async id => await rows.FirstAsync<long>(Used, new { Id = id.Hex, Gone = Never(gone) }, ct) > 0, dryRun, ct);

    private IReadOnlyList<string> LogFiles(DateTimeOffset before)
    {
        string folder = Path.Combine(data.Root, "logs");
        return !Directory.Exists(folder) ? [] :
            [.. Directory.EnumerateFiles(folder, "*.jsonl").Where(f => File.GetLastWriteTimeUtc(f) < before).Select(data.Relative).Order(StringComparer.Ordinal)];
    }

    // Whole days: what a dry run shows in the morning is what a commit does in the evening.
    private DateTimeOffset Before(TimeSpan age) => new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero) - age;

    private static string LogLines(string statement) =>
        $"{statement} where run_id not in @Gone and run_id in (select run_id from runs where ended_at_utc < @Before) and at_utc < @Before";

    // Of a token, what cannot act as a pattern.
    private static string Plain(string token) => string.Concat(token.Where(char.IsAsciiLetterOrDigit));

    // An empty list is no list of every engine.
    private static IReadOnlyList<string> Never(IReadOnlyList<string> runs) => runs.Count > 0 ? runs : [""];

    [GeneratedRegex("run_[0-9a-f]{32}")]
    private static partial Regex RunIds();
}
