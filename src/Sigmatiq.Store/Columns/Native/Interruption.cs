namespace Sigmatiq.Store.Columns.Native;

/// <summary>Stops what a connection computes once a token is cancelled, until it is disposed.</summary>
/// <remarks>DuckDB forgets an interrupt that comes before a statement has begun to run, between being read, planned and started. So it is
/// repeated, in real time, for as long as the call has not come back.</remarks>
internal sealed class Interruption : IDisposable
{
    private const int RepeatMs = 5;
    private readonly ConnectionHandle connection;
    private readonly CancellationTokenRegistration registration;
    private readonly Lock gate = new();
    private Timer? again;
    private bool isOver;

    /// <summary>Watches the token.</summary>
    /// <exception cref="OperationCanceledException">It is cancelled already.</exception>
    public Interruption(ConnectionHandle connection, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        this.connection = connection;
        registration = ct.Register(Begin);
    }

    /// <summary>Interrupts nothing any more: whatever runs next on the connection is not ours.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
            again?.Dispose();
        }

        registration.Dispose();
    }

    private void Begin()
    {
        lock (gate)
        {
            if (!isOver)
            {
                again = new(_ => Interrupt(), null, RepeatMs, RepeatMs);
            }
        }

        Interrupt();
    }

    private void Interrupt()
    {
        lock (gate)
        {
            if (!isOver)
            {
                DuckDbApi.duckdb_interrupt(connection);
            }
        }
    }
}
