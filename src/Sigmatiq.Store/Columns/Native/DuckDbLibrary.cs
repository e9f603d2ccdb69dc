using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sigmatiq.Store.Columns.Native;

/// <summary>Finds DuckDB's own library beside the program; .NET does not look into <c>runtimes/…/native</c> for such a file.</summary>
internal static class DuckDbLibrary
{
    public const string Name = "duckdb";

#pragma warning disable CA2255 // Calls without a GC transition are bound when their caller is compiled, before a later resolver.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(DuckDbLibrary).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Name)
        {
            return 0;
        }

        string file = OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        string rid = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        string folder = AppContext.BaseDirectory;
        string[] places = [Path.Combine(folder, "runtimes", rid, "native", file), Path.Combine(folder, file)];
        return places.FirstOrDefault(File.Exists) is { } path
            ? NativeLibrary.Load(path)
            : throw new DllNotFoundException($"DuckDB's library is in none of: {string.Join(", ", places)}. Build the project again.");
    }
}
