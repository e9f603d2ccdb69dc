using System.Reflection;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Workflows.Cluster;

/// <summary>Which program this is, by content: nodes of one cluster run the same.</summary>
public static class ProgramBuild
{
    /// <summary>A short hash over the compiler's own identity of every assembly of ours in this process.</summary>
    public static string Current { get; } = Of(RoomsOf(Assembly.GetEntryAssembly() is { } entry && IsOurs(entry.GetName()) ? entry : typeof(ProgramBuild).Assembly));

    private static string Of(IEnumerable<Assembly> assemblies) => ContentHash.Of(string.Join('\n',
        assemblies.Select(a => $"{a.GetName().Name} {a.ManifestModule.ModuleVersionId:N}").Order(StringComparer.Ordinal))).Short;

    private static HashSet<Assembly> RoomsOf(Assembly root)
    {
        HashSet<Assembly> found = [];
        Stack<Assembly> open = new([root]);
        while (open.TryPop(out Assembly? next))
        {
            if (found.Add(next))
            {
                foreach (AssemblyName name in next.GetReferencedAssemblies().Where(IsOurs))
                {
                    open.Push(Assembly.Load(name));
                }
            }
        }

        return found;
    }

    private static bool IsOurs(AssemblyName name) => name.Name is "sigmatiq" || name.Name!.StartsWith("Sigmatiq.", StringComparison.Ordinal);
}
