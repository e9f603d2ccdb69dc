namespace Sigmatiq.App;

/// <summary>Where a program finds its packs and workflows, and where it keeps a store that nobody named.</summary>
internal static class UsualFolders
{
    /// <summary>The checkout that the program was built in; null where there is none around it.</summary>
    public static string? Checkout { get; } = FindCheckout();

    /// <summary>The data directory where none is named: <c>data</c> beside the checkout, else where one stands.</summary>
    public static string Data => Path.GetFullPath(Path.Combine(Checkout ?? Directory.GetCurrentDirectory(), "data"));

    private static string? FindCheckout()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sigmatiq.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
