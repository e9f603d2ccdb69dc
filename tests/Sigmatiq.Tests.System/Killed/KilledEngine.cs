using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.Store;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Leases;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.Workflows;
using Sigmatiq.Workflows.Cluster;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.Tests.SystemTests.Killed;

/// <summary>This test program started once more, as what drives the runs of a store until it is killed, by others or by itself: the one engine on
/// SQLite, a node of a cluster on PostgreSQL.</summary>
internal static class KilledEngine
{
    /// <summary>Says to a process of this program that it is to be an engine.</summary>
    public const string Variable = "SIGMATIQ_KILLED_ENGINE";

    /// <summary>Starts an engine.</summary>
    /// <param name="folder">The data directory.</param>
    /// <param name="store">The address of its rows.</param>
    /// <param name="sinkPort">Where the sink listens.</param>
    /// <param name="diesAfterWrites">It kills itself with -9 right after so many journal writes; 0 never.</param>
    public static Process Start(string folder, string store, int sinkPort, int diesAfterWrites)
    {
        ProcessStartInfo start = new("dotnet", [typeof(KilledEngine).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Variable] = string.Join('\n', folder, store, sinkPort.ToString(CultureInfo.InvariantCulture), diesAfterWrites.ToString(CultureInfo.InvariantCulture));
        // It lives for less than a second: what is compiled need not be compiled well.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Opens rows by their address.</summary>
    public static async Task<IRowStore> OpenAsync(DataDirectory data, string store, CancellationToken ct) => store.StartsWith("postgres", StringComparison.Ordinal)
        ? await PostgresRowStore.OpenAsync(PostgresAddress.Parse(store), TimeProvider.System, ct)
        : await SqliteRowStore.OpenAsync(data, TimeProvider.System, ct);

    /// <summary>Serves what <see cref="Start"/> asked for, until it is killed.</summary>
    public static Task ServeAsync(string asked)
    {
        string[] parts = asked.Split('\n');
        return ServeForEverAsync(new(parts[0]), parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture), int.Parse(parts[3], CultureInfo.InvariantCulture));
    }

    private static async Task ServeForEverAsync(DataDirectory data, string store, int sinkPort, int diesAfterWrites)
    {
        CancellationToken ct = CancellationToken.None;
        IRowStore rows = await OpenAsync(data, store, ct);
        if (diesAfterWrites > 0)
        {
            rows = new MortalRows(rows, diesAfterWrites);
        }

        var (engine, _) = TornWorkflow.EngineOn(data, rows, sinkPort);
        if (engine.IsShared)
        {
            TimeProvider clock = TimeProvider.System;
            engine.Start(await ClusterNode.JoinAsync(new("engine", NodeRole.Worker), rows, IdSource.FromSystem(clock), clock, new(), NullLogger.Instance, _ => { }, ct));
        }
        else
        {
            EngineLease? lease = null;
            while (lease is null)
            {
                // The one before dies for an instant.
                lease = (await EngineLease.TryTakeAsync(data, rows, TimeProvider.System, $"engine/{Environment.ProcessId}", ct)).Lease;
            }

            await engine.StartAsync(lease, ct);
        }

        Console.WriteLine("ready");
        OutboxQueue outbox = new(rows, TornWorkflow.OutboxClock);
        while (true)
        {
            try
            {
                await outbox.DispatchAsync([TornWorkflow.OrderKind], (message, token) => OutsideSink.SendAsync(sinkPort, message.Key, token), ct);
            }
            catch (ProblemException)
            {
                // The server ends the session of a process that the machine gives no time within a transaction; the next look sends what is left.
            }

            await Task.Delay(20, ct);
        }
    }

    /// <summary>Rows of a process that kills itself right after its nth journal write has been committed, before anybody hears of it.</summary>
    private sealed class MortalRows(IRowStore rows, int writes) : IRowStore
    {
        private int left = writes;

        public SqlDialect Dialect => rows.Dialect;

        public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken ct) => rows.QueryAsync<T>(sql, args, ct);

        public Task<T?> FirstOrDefaultAsync<T>(string sql, object? args, CancellationToken ct) => rows.FirstOrDefaultAsync<T>(sql, args, ct);

        public Task<int> ExecuteAsync(string sql, object? args, CancellationToken ct) => rows.ExecuteAsync(sql, args, ct);

        public Task<T> InTransactionAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => WatchAsync(rows.InTransactionAsync, work, ct);

        public Task<T> BesideOthersAsync<T>(Func<IRowTransaction, Task<T>> work, CancellationToken ct) => WatchAsync(rows.BesideOthersAsync, work, ct);

        public Task<IPresence?> StayAsync(string name, CancellationToken ct) => rows.StayAsync(name, ct);

        private async Task<T> WatchAsync<T>(Func<Func<IRowTransaction, Task<T>>, CancellationToken, Task<T>> run, Func<IRowTransaction, Task<T>> work, CancellationToken ct)
        {
            int events = 0;
            T result = await run(tx => work(new WatchedTransaction(tx, () => events++)), ct);
            if (events > 0 && Interlocked.Add(ref left, -events) <= 0)
            {
                Process.GetCurrentProcess().Kill();
                await Task.Delay(Timeout.Infinite, ct);
            }

            return result;
        }
    }
}
