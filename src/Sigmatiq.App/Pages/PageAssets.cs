using System.Security.Cryptography;
using System.Text;

namespace Sigmatiq.App.Pages;

/// <summary>The one style sheet and the one script, written into every page; the content policy names their hashes and nothing else,
/// so that markup smuggled into a page can bring neither.</summary>
internal static class PageAssets
{
    public static string Style { get; } = Read("sigmatiq.css");

    public static string Script { get; } = Read("live.js");

    /// <summary>The <c>Content-Security-Policy</c> of every page.</summary>
    public static string ContentPolicy { get; } =
        $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; img-src data:; connect-src 'self'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'";

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Read(string name)
    {
        using Stream stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"Sigmatiq.App.Pages.{name}")
            ?? throw new InvalidOperationException($"{name} is not built into the program.");
        using var reader = new StreamReader(stream);
        // Browsers hash the text between the tags, in which line ends are always \n.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
