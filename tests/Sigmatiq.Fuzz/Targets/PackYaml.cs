using Sigmatiq.Packs;
using Sigmatiq.Packs.Lint;

namespace Sigmatiq.Fuzz.Targets;

/// <summary>The six files of a pack, one of them spoiled. A text begins with the name of its file.</summary>
internal sealed class PackYaml : IFuzzTarget
{
    private readonly Dictionary<string, string> good = PackFolder.FileNames.ToDictionary(n => n, n => File.ReadAllText(Path.Combine(FuzzTargets.Home, "packs/swingsigma/1.1.0", n)));

    public PackYaml()
    {
        Corpus = [.. good.Select(f => $"{f.Key}\n{f.Value}")];
        Words = [.. good.Values.SelectMany(t => t.Split([' ', '\n', ':', '"', '[', ']', ',', '{', '}', '-'], StringSplitOptions.RemoveEmptyEntries)).Distinct().Order(StringComparer.Ordinal)];
    }

    public string Name => "pack-yaml";

    public IReadOnlyList<string> Corpus { get; }

    public IReadOnlyList<string> Words { get; }

    public bool Read(string text)
    {
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        string file = end < 0 ? "" : text[..end];
        Dictionary<string, string> texts = new(good);
        texts[texts.ContainsKey(file) ? file : "pack.yaml"] = text[(end + 1)..];
        Pack pack = PackFolder.Parse(texts).Value;
        _ = pack.Hash;
        return true;
    }

    public void Dispose()
    {
    }
}
