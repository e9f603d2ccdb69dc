using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Store;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.Backtest.Sweeps;

/// <summary>A store with its sweeps.</summary>
internal sealed class SweepRoom : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteRowStore rows;

    private SweepRoom(TimeProvider clock)
    {
        Data = new(folder.Path);
        rows = SqliteRowStore.OpenAsync(Data, clock, Ct).GetAwaiter().GetResult();
        Clock = clock;
        Store = new(rows, Data, new AuditChain(clock), clock);
        Ledger = new(rows);
        Looks = new(rows, clock);
        Jobs = JobsWith(null);
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public TimeProvider Clock { get; }

    public DataDirectory Data { get; }

    public IRowStore Rows => rows;

    public SweepStore Store { get; }

    public SweepJobs Jobs { get; }

    public TrialLedger Ledger { get; }

    public HoldoutLooks Looks { get; }

    public static SweepRoom Open(TimeProvider? clock = null) => new(clock ?? new SomeSweep.Clock());

    public SweepJobs JobsWith(IConfidenceSource? confidence) => new(rows, Data, Store, new SweepRunner(Clock, confidence), Clock);

    public Task<StoredSweep> RunAsync(SweepWork? work = null, bool force = false, int threads = 1) =>
        Jobs.RunAsync(work ?? SomeSweep.Work(), "user:operator", force, threads, null, Ct);

    public void Dispose()
    {
        rows.Dispose();
        folder.Dispose();
    }
}
