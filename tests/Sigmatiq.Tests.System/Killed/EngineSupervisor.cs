using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.Tests.SystemTests.Killed;

/// <summary>What many kills came to.</summary>
/// <param name="Kills">Engines that died by -9.</param>
/// <param name="Runs">Runs asked for.</param>
/// <param name="Completed">Runs that completed.</param>
/// <param name="Events">Events in their journals.</param>
/// <param name="SetAside">How often a run was set aside and resumed.</param>
/// <param name="Effects">Effects that the sink kept.</param>
/// <param name="Doubles">Effects that it dropped by their key.</param>
/// <param name="Slow">Lives that were busy, or that the machine gave no time, to the end of the supervisor's patience.</param>
/// <param name="WorstRestart">From the start of a process to its first step.</param>
/// <param name="MedianRestart">The same, in the middle.</param>
/// <param name="Faults">What was lost, doubled or different: nothing.</param>
internal sealed record KillReport(
    int Kills, int Runs, int Completed, long Events, int SetAside, int Effects, int Doubles, int Slow, TimeSpan WorstRestart, TimeSpan MedianRestart, IReadOnlyList<string> Faults)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kills} kills, {Runs} runs, {Completed} completed, {Events} events, {SetAside} set aside and resumed, {Effects} effects kept, {Doubles} doubles dropped by key, {Slow} slow lives, restart to first step median {MedianRestart.TotalSeconds:f2} s, worst {WorstRestart.TotalSeconds:f2} s, {Faults.Count} faults");
}

/// <summary>Keeps runs going on engines that it kills: after the nth journal write for n = 1, 2, …, between an effect and the word of it, at random
/// instants, and while they start. It votes, and resumes what was set aside.</summary>
/// <param name="data">The data directory.</param>
/// <param name="store">The address of its rows.</param>
/// <param name="kills">How many.</param>
/// <param name="seed">Of the random instants.</param>
/// <param name="say">Told how far it is.</param>
internal sealed class EngineSupervisor(DataDirectory data, string store, int kills, int seed, Action<string> say) : IAsyncDisposable
{
    private const int OpenRuns = 3, NthMax = 60, SaysEvery = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), EndPatience = TimeSpan.FromMinutes(3), EffectPatience = TimeSpan.FromSeconds(20);

    private readonly Rng rng = Rng.From(seed);
    private readonly OutsideSink sink = new();
    private readonly List<RunId> runs = [];
    private readonly List<TimeSpan> restarts = [];
    private readonly List<string> stalls = [];
    private int setAside, slow;
    private bool isEnding;

    public async ValueTask DisposeAsync() => await sink.DisposeAsync();

    public async Task<KillReport> RunAsync(CancellationToken ct)
    {
        IRowStore rows = await KilledEngine.OpenAsync(data, store, ct);
        using (rows as IDisposable)
        {
            var (engine, approvals) = TornWorkflow.EngineOn(data, rows, sink.Port);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            Task attending = AttendAsync(rows, engine, approvals, stop.Token);
            try
            {
                for (int kill = 0; kill < kills; kill++)
                {
                    Task killing = KillOneAsync(rows, kill, stop.Token);
                    await (await Task.WhenAny(killing, attending));
                    await killing;
                    if ((kill + 1) % SaysEvery == 0)
                    {
                        say(string.Create(CultureInfo.InvariantCulture,
                            $"{kill + 1} kills so far: {runs.Count} runs, {sink.Received.Count} effects, {stalls.Count} stalls, {slow} slow lives, worst restart {restarts.Max().TotalSeconds:f2} s"));
                    }
                }

                isEnding = true;
                await EndAsync(rows, stop.Token);
            }
            finally
            {
                await stop.CancelAsync();
                await attending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return await ReportAsync(rows, engine, ct);
        }
    }

    private async Task KillOneAsync(IRowStore rows, int kill, CancellationToken ct)
    {
        DateTimeOffset begun = TimeProvider.System.GetUtcNow();
        int nth = kill % 2 == 0 ? 1 + (kill / 2 % NthMax) : 0;
        using Process victim = KilledEngine.Start(data.Root, store, sink.Port, nth);
        Task<string> errors = victim.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            if (kill % 4 == 1)
            {
                sink.AtNext = victim.Kill;
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
                patience.CancelAfter(EffectPatience);
                await victim.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                sink.AtNext = null;
            }
            else if (nth > 0)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
                patience.CancelAfter(Patience);
                await victim.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!victim.HasExited)
                {
                    // It always has something to do, so only a machine that gives it no time may hold it up.
                    await NoteStallAsync(rows, victim, kill, nth, ct);
                }
            }
            else
            {
                if (kill % 10 != 9)
                {
                    await victim.StandardOutput.ReadLineAsync(ct);
                }

                await Task.Delay(rng.NextInt(kill % 3 == 0 ? 900 : 250), ct);
            }
        }
        finally
        {
            victim.Kill();
            await victim.WaitForExitAsync(CancellationToken.None);
        }

        // 128 + 9; anything else died of itself.
        if (victim.ExitCode != 137)
        {
            throw new InvalidOperationException($"seed {seed}, life {kill}: the engine ended with {victim.ExitCode}: {await errors}");
        }

        await MeasureAsync(rows, begun, ct);
    }

    // How long its threads were ready to run and another process ran instead.
    private static TimeSpan HeldUp(Process process)
    {
        string tasks = $"/proc/{process.Id}/task";
        return !Directory.Exists(tasks) ? TimeSpan.Zero : TimeSpan.FromMicroseconds(Directory.EnumerateDirectories(tasks)
            .Sum(task => long.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[1], CultureInfo.InvariantCulture) / 1_000.0));
    }

    private async Task NoteStallAsync(IRowStore rows, Process victim, int kill, int nth, CancellationToken ct)
    {
        TimeSpan heldUp = HeldUp(victim);
        DateTimeOffset quietSince = TimeProvider.System.GetUtcNow() - (Patience / 3);
        if (heldUp > Patience / 3 || await rows.FirstAsync<int>("select count(*) from run_events where at_utc > @quietSince", new { quietSince }, ct) > 0)
        {
            slow++;
            return;
        }

        IReadOnlyList<string> open = await rows.QueryAsync<string>(
            """
            select r.run_id || ' ' || r.status || ' ' || coalesce(r.reason, '') || ', waits for ' || (select count(*) from run_waits w where w.run_id = r.run_id)
                || ', asked ' || (select count(*) from run_requests q where q.handled_at_utc is null)
                || ', claimed by ' || coalesce((select owner || ' until ' || expires_at_utc from leases l where l.name = 'run/' || r.run_id), 'nobody')
              from runs r where r.ended_at_utc is null order by r.run_id
            """, null, ct);
        stalls.Add(string.Create(CultureInfo.InvariantCulture,
            $"life {kill} stood still before its write {nth}, held up for {heldUp.TotalSeconds:f1} s alone: {string.Join("; ", open)}"));
    }

    private async Task EndAsync(IRowStore rows, CancellationToken ct)
    {
        DateTimeOffset begun = TimeProvider.System.GetUtcNow();
        using Process last = KilledEngine.Start(data.Root, store, sink.Port, diesAfterWrites: 0);
        Task<string> errors = last.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            while (await OpenAsync(rows, ct) > 0 || await TornWorkflow.OrdersPendingAsync(rows, ct) > 0)
            {
                if (TimeProvider.System.GetUtcNow() - begun > EndPatience || last.HasExited)
                {
                    IReadOnlyList<string> open = await rows.QueryAsync<string>("select run_id || ' ' || status || ' ' || coalesce(reason, '') from runs where ended_at_utc is null", null, ct);
                    last.Kill();
                    throw new InvalidOperationException($"seed {seed}: these runs never ended: {string.Join("; ", open)}. {await errors}");
                }

                await Task.Delay(50, ct);
            }
        }
        finally
        {
            last.Kill();
            await last.WaitForExitAsync(CancellationToken.None);
        }

        await MeasureAsync(rows, begun, ct);
    }

    // What people do: ask for runs, vote, look after what was set aside.
    private async Task AttendAsync(IRowStore rows, WorkflowEngine engine, ApprovalService approvals, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await AttendOnceAsync(rows, engine, approvals, ct);
            }
            catch (ProblemException e) when (e.Problem.Code is "STO-1005" or "STO-1009" or WorkflowCodes.NotPaused)
            {
                // The server ended the session of a process that had no time, or what was asked before has been answered since: the next round finds out.
            }

            await Task.Delay(30, ct);
        }
    }

    private async Task AttendOnceAsync(IRowStore rows, WorkflowEngine engine, ApprovalService approvals, CancellationToken ct)
    {
        for (int open = await OpenAsync(rows, ct); open < OpenRuns && !isEnding; open++)
        {
            // By a key: where the answer was lost, asking again finds the run.
            runs.Add(await engine.Requests.StartAsync(new(TornWorkflow.Read(engine), [], "operator") { Seed = 7 }, $"torn {runs.Count}", ct));
        }

        foreach (string id in await rows.QueryAsync<string>("select run_id from run_waits order by run_id", null, ct))
        {
            if (await approvals.OfRunAsync(id, ct) is { Status: ApprovalStatus.PendingApproval } pending)
            {
                await approvals.CastAsync(pending.Id, VoteChoice.Approve, "ana", "looks sound", null, ct);
            }
        }

        foreach (string id in await rows.QueryAsync<string>("select run_id from runs where status = 'set_aside' order by run_id", null, ct))
        {
            await engine.Requests.ResumeAsync(new(id), "ana", "killed on purpose", key: null, ct);
            setAside++;
        }
    }

    private static Task<int> OpenAsync(IRowStore rows, CancellationToken ct) => rows.FirstAsync<int>("select count(*) from runs where ended_at_utc is null", null, ct);

    private async Task MeasureAsync(IRowStore rows, DateTimeOffset begun, CancellationToken ct)
    {
        if (await rows.FirstOrDefaultAsync<string>("select min(at_utc) from run_events where kind = 'attempt_started' and at_utc > @begun", new { begun }, ct) is { } first)
        {
            restarts.Add(UtcText.Parse(first) - begun);
        }
    }

    private async Task<KillReport> ReportAsync(IRowStore rows, WorkflowEngine engine, CancellationToken ct)
    {
        List<string> faults = [.. stalls];
        int completed = 0;
        long events = 0;
        string? outputs = null;
        foreach (RunId run in runs)
        {
            JournalledRun read = await engine.Journal.LoadAsync(run, ct);
            events += read.Seq;
            completed += read.State.Status == RunStatus.Completed ? 1 : 0;
            if (read.State.Status != RunStatus.Completed)
            {
                faults.Add($"{run} is {read.State.Status}: {read.State.Reason}");
            }

            // All that does not name the run itself.
            string made = string.Join('\n', read.State.Steps.Where(s => s.Spec.Uses == "torn.part")
                .SelectMany(s => s.Instances.Select(i => $"{s.Spec.Name}[{i.Index}] {i.Output?.ToJsonString()}")));
            outputs ??= made;
            if (made != outputs)
            {
                faults.Add($"{run} made something else: {made}");
            }

            faults.AddRange(TornWorkflow.Effects.Select(step => $"{run}/{step}/0").Where(key => !sink.Received.ContainsKey(key)).Select(key => $"the effect {key} was lost"));
        }

        HashSet<string> known = [.. runs.SelectMany(run => TornWorkflow.Effects.Select(step => $"{run}/{step}/0"))];
        faults.AddRange(sink.Received.Keys.Where(key => !known.Contains(key)).Select(key => $"the effect {key} is nobody's"));
        int stored = await rows.FirstAsync<int>("select count(*) from runs", null, ct);
        if (stored != runs.Count)
        {
            faults.Add($"{runs.Count} runs were asked for and {stored} are there");
        }

        TimeSpan[] sorted = [.. restarts.Order()];
        return new(kills, runs.Count, completed, events, setAside, sink.Received.Count, sink.Received.Values.Sum(times => times - 1), slow, sorted[^1], sorted[sorted.Length / 2], faults);
    }
}
