using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.Workflows.Steps.Plugins;

/// <summary>Loads the step kinds of a folder that the operator named: each <c>NAME.dll</c> in it, or <c>NAME/NAME.dll</c> with what it needs beside it.
/// Nothing else is ever loaded by a name.</summary>
/// <remarks>A plug-in runs in this process with all its rights: whoever can write to the folder can do what the program can.</remarks>
public static class PluginFolder
{
    /// <summary>Loads everything; one that is broken refuses all, since a run that lacks a kind would fail later and elsewhere.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="taken">Names of kinds that are taken already.</param>
    /// <param name="data">Given to kinds that ask for it.</param>
    /// <param name="clock">Given to kinds that ask for it.</param>
    /// <exception cref="ProblemException">WFL-1045: there is no such folder, or a file in it is no plug-in. WFL-1046: a kind has a name that is taken.</exception>
    public static IReadOnlyList<PluginKind> Load(string folder, IEnumerable<string> taken, DataDirectory data, TimeProvider clock)
    {
        if (!Directory.Exists(folder))
        {
            throw Broken(folder, "There is no such folder", "Name a folder with plug-ins, or leave --plugins out.");
        }

        HashSet<string> names = new(taken, StringComparer.Ordinal);
        List<PluginKind> kinds = [];
        foreach (string path in Files(Path.GetFullPath(folder)))
        {
            foreach (PluginKind kind in Open(path, data, clock))
            {
                kinds.Add(names.Add(kind.Name) ? kind : throw new ProblemException(WorkflowCodes.KindTaken, $"The step kind '{kind.Name}' of {kind.Source.Assembly} is there already.", path,
                    "Give the kind another name: a plug-in adds kinds and replaces none.", ExitCode.BadUsage));
            }
        }

        return kinds;
    }

    private static IEnumerable<string> Files(string folder) =>
    [
        .. Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal),
        .. Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(d => Path.Combine(d, Path.GetFileName(d) + ".dll")).Where(File.Exists),
    ];

    private static List<PluginKind> Open(string path, DataDirectory data, TimeProvider clock)
    {
        try
        {
            ContentHash hash = HashOf(path);
            Assembly assembly = new Context(path).LoadFromAssemblyPath(path);
            if (assembly.GetCustomAttribute<ExportsStepKindsAttribute>() is not { Kinds.Count: > 0 } exports)
            {
                throw Broken(path, "The assembly exports no step kind", "Write [assembly: ExportsStepKinds(typeof(…))] in it; put what a plug-in needs into a folder with its name.");
            }

            AssemblyName name = assembly.GetName();
            PluginSource source = new(name.Name ?? "", name.Version?.ToString() ?? "", path, hash);
            List<PluginKind> kinds = [];
            foreach (Type type in exports.Kinds)
            {
                PluginKind kind = new(Make(type, path, data, clock), source);
                if (!Kind(kind.Name))
                {
                    throw Broken(path, $"'{kind.Name}' cannot be the name of a step kind", "Use two lower-case words with a dot, room and verb.");
                }

                // Reading the fields finds records that cannot be: now, and not in the middle of a run.
                _ = StepFields.Of(kind.InputType).Count + StepFields.Of(kind.OutputType).Count;
                kinds.Add(kind);
            }

            return kinds;
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException or TypeLoadException or MissingMethodException or ReflectionTypeLoadException
            or TargetInvocationException or NotSupportedException)
        {
            Exception cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
            throw new ProblemException(new Problem(WorkflowCodes.BadPlugin, $"The plug-in cannot be loaded: {cause.Message.ReplaceLineEndings(" ").TrimEnd('.')}.", path,
                "Build it against this release, with everything it needs in its folder.", ExitCode.BadUsage), e);
        }
    }

    private static IStepKind Make(Type type, string path, DataDirectory data, TimeProvider clock)
    {
        ConstructorInfo[] constructors = type.GetConstructors();
        if (!typeof(IStepKind).IsAssignableFrom(type) || type.IsAbstract || constructors.Length != 1
            || constructors[0].GetParameters().Any(p => p.ParameterType != typeof(DataDirectory) && p.ParameterType != typeof(TimeProvider)))
        {
            throw Broken(path, $"{type.Name} cannot be made", "A step kind has one public constructor that takes nothing, a DataDirectory, a TimeProvider, or both.");
        }

        return (IStepKind)constructors[0].Invoke([.. constructors[0].GetParameters().Select(p => p.ParameterType == typeof(DataDirectory) ? (object)data : clock)]);
    }

    // A plug-in in a folder of its own is all the assemblies in it.
    private static ContentHash HashOf(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        return Path.GetFileName(folder) != Path.GetFileNameWithoutExtension(path) ? ContentHash.OfFile(path) : ContentHash.OfJson(new JsonObject(
            Directory.GetFiles(folder, "*.dll", SearchOption.AllDirectories).Select(f => KeyValuePair.Create(Path.GetRelativePath(folder, f).Replace('\\', '/'), (JsonNode?)ContentHash.OfFile(f).Hex))));
    }

    private static bool Kind(string name) => name.Split('.') is { Length: 2 } parts && parts.All(Names.IsName);

    private static ProblemException Broken(string path, string message, string remedy) => new(WorkflowCodes.BadPlugin, $"{message}.", path, remedy, ExitCode.BadUsage);

    // What the program has is shared, so that records and interfaces are the same; the rest comes from the plug-in's own folder.
    private sealed class Context(string path) : AssemblyLoadContext($"plug-in {Path.GetFileNameWithoutExtension(path)}")
    {
        private readonly AssemblyDependencyResolver resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (Default.Assemblies.Any(a => a.GetName().Name == assemblyName.Name))
            {
                return null;
            }

            return resolver.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
    }
}
