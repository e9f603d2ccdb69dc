namespace Sigmatiq.Tests;

/// <summary>Where the checkout and the market material beside it lie.</summary>
public static class Checkout
{
    /// <summary>The folder with <c>Sigmatiq.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of real bars and published vectors: <c>SIGMATIQ_SHARED</c>, else <c>../shared</c> beside the checkout.</summary>
    public static string Shared { get; } =
        Environment.GetEnvironmentVariable("SIGMATIQ_SHARED") is { Length: > 0 } folder ? folder : Path.GetFullPath(Path.Combine(Root, "..", "shared"));

    /// <summary>A path below the shared material; skips the test, by name, where the file is missing.</summary>
    public static string Material(string path)
    {
        string full = Path.Combine(Shared, path);
        Assert.SkipUnless(File.Exists(full) || Directory.Exists(full), $"needs {path} of the shared market material");
        return full;
    }

    /// <summary>All hand-written C# files of the product.</summary>
    public static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/") && !f.Contains("/bin/"));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sigmatiq.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Sigmatiq.sln is in no folder above the test program.");
    }
}
