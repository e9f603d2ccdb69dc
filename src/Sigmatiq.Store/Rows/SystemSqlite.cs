using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Sigmatiq.Store.Rows;

/// <summary>Loads the system's SQLite, which gets its security fixes from the system; the packaged one is of 2021.</summary>
internal static class SystemSqlite
{
#pragma warning disable CA2255 // The resolver must stand before the first call into SQLite is compiled.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) =>
            name != "e_sqlite3" ? 0 : NativeLibrary.Load(
                OperatingSystem.IsWindows() ? "winsqlite3" : OperatingSystem.IsMacOS() ? "libsqlite3.dylib" : "libsqlite3.so.0"));
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
    }
}
