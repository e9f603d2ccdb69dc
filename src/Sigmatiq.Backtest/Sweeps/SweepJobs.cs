using System.Text.Json.Nodes;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Backtest.Sweeps;

/// <summary>Runs sweeps that were asked for and keeps what they give. A sweep that was killed in the middle and runs again keeps its id and
/// gives the same files, rows and hashes: nothing counts before the one transaction that completes it.</summary>
public sealed class SweepJobs(IRowStore rows, DataDirectory data, SweepStore store, SweepRunner runner, TimeProvider clock)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Where sweeps are kept.</summary>
    public SweepStore Store => store;

    /// <summary>Asks for a sweep and runs it; the same request again returns the earlier sweep unless forced.</summary>
    /// <inheritdoc cref="RunAsync(string, SweepWork, int, Action{SweepProgress}?, CancellationToken)"/>
    public async Task<StoredSweep> RunAsync(SweepWork work, string requestedBy, bool force, int threads, Action<SweepProgress>? progress, CancellationToken ct)
    {
        SweepBegun begun = await store.BeginAsync(work, requestedBy, force, ct);
        return await RunAsync(begun.SweepId, work, threads, progress, ct);
    }

    /// <summary>Runs a sweep that was asked for; returns one that is completed already.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="work">The work it was asked for with.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="ct">Stops the work; the sweep stays open and can be run again.</param>
    /// <exception cref="ProblemException">SWS-2001 to SWS-2003: the data do not carry it, and it has failed. SWS-3001: a combo failed. SWS-3003: no such
    /// sweep. SWS-4001: it was cancelled.</exception>
    public async Task<StoredSweep> RunAsync(string sweepId, SweepWork work, int threads, Action<SweepProgress>? progress, CancellationToken ct)
    {
        int begun = await rows.ExecuteAsync(
            """
            update sweeps set status = 'running', progress = 0.0, problem = null, log = '[]', finished_at_utc = null, started_at_utc = coalesce(started_at_utc, @Now)
            where sweep_id = @Id and status in ('queued', 'running', 'failed')
            """,
            new { Id = sweepId, Now = clock.GetUtcNow() }, ct);
        if (begun == 0)
        {
            return (await store.FindAsync(sweepId, ct)).Status == "cancelled" ? throw Cancelled(sweepId) : await store.LoadAsync(sweepId, ct);
        }

        try
        {
            SweepResult result = await ComputeAsync(sweepId, work, threads, progress, ct);
            return await KeepAsync(sweepId, result, threads, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Problem problem = e is ProblemException coded ? coded.Problem : new("SWS-3001", $"A combo failed: {e.Message}", sweepId, "Look into the log.");
            await FailAsync(sweepId, problem, CancellationToken.None);
            throw e is ProblemException ? e : new ProblemException(problem, e);
        }
    }

    // The computation is one long piece of work on threads of its own; beside it, progress goes to the row, and a cancelled row stops it.
    private async Task<SweepResult> ComputeAsync(string sweepId, SweepWork work, int threads, Action<SweepProgress>? progress, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        double share = 0;
        Task<SweepResult> run = Task.Run(() => runner.Run(work, threads, at =>
        {
            Volatile.Write(ref share, at.Share);
            progress?.Invoke(at);
        }, stop.Token), CancellationToken.None);
        bool cancelled = false;
        using (var timer = new PeriodicTimer(ReportEvery, clock))
        {
            Task<bool> tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
            while (await Task.WhenAny(run, tick) != run)
            {
                tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
                int alive = await rows.ExecuteAsync(
                    "update sweeps set progress = @Share where sweep_id = @Id and status = 'running'", new { Share = Volatile.Read(ref share), Id = sweepId },
                    CancellationToken.None);
                if (alive == 0 && !cancelled)
                {
                    cancelled = true;
                    await stop.CancelAsync();
                }
            }
        }

        try
        {
            return await run;
        }
        catch (OperationCanceledException) when (cancelled && !ct.IsCancellationRequested)
        {
            throw Cancelled(sweepId);
        }
    }

    private async Task<StoredSweep> KeepAsync(string sweepId, SweepResult result, int threads, CancellationToken ct)
    {
        SortedDictionary<string, string> files = SweepFiles.WriteColumns(data, sweepId, result, ct);
        StoredSweep stored = StoredSweep.Of(sweepId, result, files, result.Overfit(threads, ct));
        files[SweepFiles.Leaderboard] = SweepFiles.WriteLeaderboard(data, sweepId, stored.ToJson());
        DateTimeOffset now = clock.GetUtcNow();
        bool kept = await rows.InTransactionAsync(async tx =>
        {
            int completed = await tx.ExecuteAsync(
                """
                update sweeps set status = 'completed', progress = 1.0, result = @Result, log = @Log, finished_at_utc = @Now
                where sweep_id = @Id and status = 'running'
                """,
                new { Id = sweepId, Result = ResultJson(stored, files).ToJsonString(), Log = SweepStore.LogJson(result.Log), Now = now }, ct);
            if (completed == 1)
            {
                await InsertCombosAsync(tx, stored, ct);
                await TrialLedger.AddAsync(tx, result, sweepId, now, ct);
            }

            return completed == 1;
        }, ct);
        return kept ? stored : (await store.FindAsync(sweepId, ct)).Status == "cancelled" ? throw Cancelled(sweepId) : await store.LoadAsync(sweepId, ct);
    }

    private static JsonObject ResultJson(StoredSweep stored, IReadOnlyDictionary<string, string> files) => new()
    {
        ["span"] = new JsonObject
        {
            ["first_us"] = stored.Span.FirstUtcUs, ["last_us"] = stored.Span.LastUtcUs, ["holdout_first_us"] = stored.Span.HoldoutFirstUtcUs,
            ["holdout_last_us"] = stored.Span.HoldoutLastUtcUs,
        },
        ["start_us"] = stored.StartUtcUs, ["window"] = stored.Window.DeepClone(), ["holdout_share"] = stored.HoldoutShare,
        ["gates"] = new JsonObject
        {
            ["min_trades"] = stored.Gates.MinTrades, ["min_sharpe"] = stored.Gates.MinSharpe, ["max_drawdown_pct"] = stored.Gates.MaxDrawdownPct,
            ["min_win_rate"] = stored.Gates.MinWinRatePct,
        },
        ["skill"] = stored.Skill?.DeepClone(), ["overfit"] = stored.Overfit?.ToJson(), ["warnings"] = stored.Warnings.DeepClone(), ["score_source"] = stored.ScoreSource,
        ["leaderboard_hash"] = stored.LeaderboardHash, ["files"] = new JsonObject(files.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))),
    };

    private static Task<int> InsertCombosAsync(IRowTransaction tx, StoredSweep stored, CancellationToken ct) => tx.ExecuteAsync(
        """
        insert into combos (sweep_id, combo_id, rank, config, config_hash, gate, gate_results, metrics, exits, trades_sample, duplicate_of, exceeds_model_cap, robust)
        values (@SweepId, @ComboId, @Rank, @Config, @ConfigHash, @Gate, @GateResults, @Metrics, @Exits, @TradesSample, @DuplicateOf, @ExceedsModelCap, @Robust)
        """,
        stored.Combos.Values.Select(c => new
        {
            stored.SweepId, c.Row.ComboId, c.Row.Rank, Config = c.Row.Config.ToJsonString(), c.Row.ConfigHash, Gate = c.Row.Gate.ToString().ToUpperInvariant(),
            GateResults = c.GateResults.ToJsonString(), Metrics = c.Metrics.ToJsonString(), Exits = c.Exits.ToJsonString(), TradesSample = c.TradesSample.ToJsonString(),
            c.Row.DuplicateOf, c.Row.ExceedsModelCap, Robust = c.Robust.ToJson().ToJsonString(),
        }).ToList(), ct);

    private async Task FailAsync(string sweepId, Problem problem, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        SweepRecord record = await store.FindAsync(sweepId, ct);
        await rows.ExecuteAsync(
            "update sweeps set status = 'failed', problem = @Problem, log = @Log, finished_at_utc = @Now where sweep_id = @Id and status = 'running'",
            new
            {
                Id = sweepId, Now = now, Log = SweepStore.LogJson([.. record.Log, new(now, "failed", problem.ToString())]),
                Problem = new JsonObject { ["code"] = problem.Code, ["message"] = problem.Message, ["where"] = problem.Where, ["remedy"] = problem.Remedy }.ToJsonString(),
            }, ct);
    }

    private static ProblemException Cancelled(string sweepId) =>
        new("SWS-4001", $"{sweepId} was cancelled.", sweepId, "Ask for it again to run it anew.", ExitCode.Cancelled);
}
