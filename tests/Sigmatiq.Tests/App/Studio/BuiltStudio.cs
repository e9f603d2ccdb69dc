namespace Sigmatiq.Tests.App.Studio;

/// <summary>What a build of the studio leaves, in small.</summary>
internal static class BuiltStudio
{
    public const string Script = "export const answer = 42;";

    public static string In(string folder)
    {
        string assets = Directory.CreateDirectory(Path.Combine(folder, "assets")).FullName;
        File.WriteAllText(Path.Combine(folder, "index.html"), "<!doctype html><title>A studio</title><meta property=\"csp-nonce\" nonce=\"{{nonce}}\"><script nonce=\"{{nonce}}\" src=\"/assets/app-1.js\"></script>");
        File.WriteAllText(Path.Combine(assets, "app-1.js"), Script);
        File.WriteAllBytes(Path.Combine(assets, "app-1.js.br"), [1, 2, 3]);
        File.WriteAllBytes(Path.Combine(assets, "app-1.js.gz"), [4, 5]);
        File.WriteAllText(Path.Combine(assets, "plain-1.css"), "a{}");
        File.WriteAllText(Path.Combine(assets, "notes.exe"), "not ours");
        File.WriteAllText(Path.Combine(folder, "secret.txt"), "not served");
        return folder;
    }
}
