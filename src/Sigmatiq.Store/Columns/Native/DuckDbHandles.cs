using System.Runtime.InteropServices;

namespace Sigmatiq.Store.Columns.Native;

/// <summary>A pointer that DuckDB gave and wants back; DuckDB keeps alive what its objects need of each other.</summary>
internal abstract class DuckDbHandle : SafeHandle
{
    protected DuckDbHandle() : base(0, ownsHandle: true) { }

    public override bool IsInvalid => handle == 0;
}

internal sealed class DatabaseHandle : DuckDbHandle
{
    protected override bool ReleaseHandle()
    {
        DuckDbApi.duckdb_close(ref handle);
        return true;
    }
}

internal sealed class ConnectionHandle : DuckDbHandle
{
    protected override bool ReleaseHandle()
    {
        DuckDbApi.duckdb_disconnect(ref handle);
        return true;
    }
}

internal sealed class StatementHandle : DuckDbHandle
{
    protected override bool ReleaseHandle()
    {
        DuckDbApi.duckdb_destroy_prepare(ref handle);
        return true;
    }
}

internal sealed class PendingHandle : DuckDbHandle
{
    protected override bool ReleaseHandle()
    {
        DuckDbApi.duckdb_destroy_pending(ref handle);
        return true;
    }
}

internal sealed class ChunkHandle : DuckDbHandle
{
    protected override bool ReleaseHandle()
    {
        DuckDbApi.duckdb_destroy_data_chunk(ref handle);
        return true;
    }
}

internal sealed class AppenderHandle : DuckDbHandle
{
    protected override bool ReleaseHandle()
    {
        _ = DuckDbApi.duckdb_appender_destroy(ref handle);
        return true;
    }
}

/// <summary>A result in memory of its own, so that a finalizer can give it back.</summary>
internal sealed unsafe class ResultHandle : DuckDbHandle
{
    public ResultHandle() => handle = (nint)NativeMemory.AllocZeroed((nuint)sizeof(DuckDbResult));

    public DuckDbResult Value => *(DuckDbResult*)handle;

    protected override bool ReleaseHandle()
    {
        DuckDbApi.duckdb_destroy_result((DuckDbResult*)handle);
        NativeMemory.Free((void*)handle);
        return true;
    }
}
