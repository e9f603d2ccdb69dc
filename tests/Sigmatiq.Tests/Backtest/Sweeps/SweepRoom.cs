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
    private readonly TestRows rows;

    private SweepRoom(TimeProvider clock)
    {
        Data = new(folder.Path);
        // On a thread of the pool: the tests' own few would wait for themselves.
        rows = Task.Run(() => TestRows.CreateAsync(Data, clock), Ct).GetAwaiter().GetResult();
        Clock = clock;
        Store = new(Rows, Data, new AuditChain(clock), clock);
        Ledger = new(Rows);
        Looks = new(Rows, clock);
        Jobs = JobsWith(null);
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public TimeProvider Clock { get; }

    public DataDirectory Data { get; }

    public IRowStore Rows => rows.Rows;

    public SweepStore Store { get; }

    public SweepJobs Jobs { get; }

    public TrialLedger Ledger { get; }

    public HoldoutLooks Looks { get; }

    public static SweepRoom Open(TimeProvider? clock = null) => new(clock ?? new SomeSweep.Clock());

    public SweepJobs JobsWith(IConfidenceSource? confidence) => new(Rows, Data, Store, new SweepRunner(Clock, confidence), Clock);

    public Task<StoredSweep> RunAsync(SweepWork? work = null, bool force = false, int threads = 1) =>
        Jobs.RunAsync(work ?? SomeSweep.Work(), "user:operator", force, threads, null, Ct);

    public void Dispose()
    {
        Task.Run(() => rows.DisposeAsync().AsTask(), CancellationToken.None).GetAwaiter().GetResult();
        folder.Dispose();
    }
}
