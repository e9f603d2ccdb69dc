using Sigmatiq.Fuzz.Targets;

namespace Sigmatiq.Fuzz;

/// <summary>The readers that are fed.</summary>
public static class FuzzTargets
{
    private static readonly Dictionary<string, Func<IFuzzTarget>> All = new(StringComparer.Ordinal)
    {
        ["pack-yaml"] = () => new PackYaml(),
        ["rules"] = () => new Rules(),
        ["workflow-yaml"] = () => new WorkflowYamlTarget(),
        ["csv"] = () => new Csv(),
        ["json-requests"] = () => new JsonRequests(),
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names => [.. All.Keys];

    /// <summary>One of them.</summary>
    public static IFuzzTarget Open(string name) => All[name]();

    /// <summary>The folder of the checkout.</summary>
    internal static string Home { get; } = FindHome();

    private static string FindHome()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sigmatiq.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Sigmatiq.sln is in no folder above the program.");
    }
}
