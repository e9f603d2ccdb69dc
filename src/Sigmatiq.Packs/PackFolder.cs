using System.IO.Enumeration;
using System.Text.Json.Nodes;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Yaml;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.Packs;

/// <summary>Six YAML files to a <see cref="Pack"/>.</summary>
public static class PackFolder
{
    /// <summary>The files of a pack; all are required.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
        ["pack.yaml", "indicators.yaml", "features.yaml", "strategies.yaml", "gates.yaml", "policies.yaml"];

    /// <summary>Most features, strategies, and lines of one strategy's entry or exit.</summary>
    public const int FeaturesMax = 200, StrategiesMax = 50, LinesMax = 50;

    // Packs lie two folders deep at most; a slip like `packs lint /` must not read the whole disk.
    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true };

    /// <summary>Reads a folder with the six files.</summary>
    /// <returns>The pack, or every problem with file, line and column: PCK-1001 structure, PCK-1004 words, PCK-1005 gates, PCK-1009 version.</returns>
    public static ParseResult<Pack> Load(string folder)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        List<Problem> problems = [];
        foreach (string name in FileNames)
        {
            string path = Path.Combine(folder, name);
            ParseResult<string> read = PackFile.Read(path);
            problems.AddRange(read.Problems);
            if (read.IsOk)
            {
                texts[name] = read.Value;
            }
        }

        // A folder of versions, or of packs, is the likely slip: one finding that shows the way says more than six files that are missing.
        if (texts.Count == 0 && Directory.Exists(folder) && PackBelow(folder) is { } inner)
        {
            problems = [new("PCK-1001", "The folder holds no pack itself.", folder, $"Name the folder of one version, e.g. {Path.GetDirectoryName(inner)}.", ExitCode.BadUsage)];
        }

        return problems.Count > 0 ? ParseResult<Pack>.Refused(problems) : Parse(texts);
    }

    private static string? PackBelow(string folder)
    {
        using var found = new PackFiles(folder);
        string? last = null;
        while (found.MoveNext())
        {
            last = string.CompareOrdinal(found.Current, last) > 0 ? found.Current : last;
        }

        return last;
    }

    /// <summary>Reads the texts of the six files by name; where a file is missing it is named.</summary>
    public static ParseResult<Pack> Parse(IReadOnlyDictionary<string, string> texts)
    {
        YamlProblems problems = new("PCK-1001", "PCK-1004");
        Dictionary<string, YamlNode> roots = new(StringComparer.Ordinal);
        foreach (string name in FileNames)
        {
            if (!texts.TryGetValue(name, out string? text))
            {
                problems.Add(new(name, 1, 1), $"The pack has no file {name}.", "Add it.");
                continue;
            }

            ParseResult<YamlNode> parsed = YamlText.Parse(text, name, "PCK-1001");
            problems.AddRange(parsed.Problems);
            if (parsed.IsOk)
            {
                roots[name] = parsed.Value;
            }
        }

        return problems.All.Count > 0 ? ParseResult<Pack>.Refused(problems.All) : Build(roots, problems);
    }

    private static ParseResult<Pack> Build(Dictionary<string, YamlNode> roots, YamlProblems problems)
    {
        JsonObject content = new(FileNames.Select(n => KeyValuePair.Create(n, roots[n].ToJson())));
        YamlMapReader Root(string name) => new(roots[name], problems, "");

        YamlMapReader file = Root("pack.yaml");
        YamlMapReader pack = file.Map("pack");
        string id = pack.Text("id");
        if (!pack.IsBroken && pack.Has("id") && !IsSlug(id))
        {
            problems.Add(pack.PlaceOf("id"), $"pack.id '{id}' is not a slug.", "Use lower-case letters, digits, dashes or underscores, a letter first.");
        }

        string versionText = pack.Text("version");
        if (!PackVersion.TryParse(versionText, out PackVersion version) && pack.Has("version"))
        {
            problems.Add("PCK-1009", pack.PlaceOf("version"), $"pack.version '{versionText}' is not a semantic version.", "Write it as 1.2.3.");
        }

        var (name, description, author, createdAt) = (pack.Text("name"), pack.Text("description"), pack.Text("author"), pack.Date("created_at"));
        pack.Close();
        YamlMapReader metadata = file.Map("metadata");
        Vibe vibe = ReadVibe(metadata.Map("vibe"));
        IReadOnlyList<string> tags = [.. file.OptionalTextList("tags").Concat(metadata.OptionalTextList("tags")).Distinct()];
        metadata.Close();
        List<InstrumentType> supported = [];
        foreach (YamlNode item in file.List("supported_instruments"))
        {
            if (file.WordOf("supported_instruments", item, EnumWords<InstrumentType>.Words) is { } type)
            {
                supported.Add(type);
            }
        }

        InstrumentType defaultInstrument = file.OneOf("default_instrument", EnumWords<InstrumentType>.Words);
        file.Close();

        IReadOnlyList<PackIndicator> indicators = ReadIndicators(Root("indicators.yaml"));
        IReadOnlyList<PackFeature> features = ReadFeatures(Root("features.yaml"));
        IReadOnlyList<PackStrategy> strategies = ReadStrategies(Root("strategies.yaml"));
        PackGates gates = GatesFile.Read(Root("gates.yaml"));
        PackPolicies policies = PoliciesFile.Read(Root("policies.yaml"), vibe.TimeHorizon);
        return problems.Result(() => new Pack
        {
            Id = id,
            Name = name,
            Version = version,
            Description = description,
            Author = author,
            CreatedAt = createdAt,
            Vibe = vibe,
            Tags = tags,
            SupportedInstruments = supported,
            DefaultInstrument = defaultInstrument,
            Indicators = indicators,
            Features = features,
            Strategies = strategies,
            Gates = gates,
            Policies = policies,
            Places = PlacesOf(roots),
            Content = content,
            Hash = ContentHash.OfJson(content),
        });
    }

    // The keys that findings point at: lists of things with an id go by the id.
    private static Dictionary<string, YamlPlace> PlacesOf(Dictionary<string, YamlNode> roots)
    {
        Dictionary<string, YamlPlace> places = new(StringComparer.Ordinal);
        foreach (string name in FileNames)
        {
            Walk(roots[name], "");
        }

        return places;

        void Walk(YamlNode node, string path)
        {
            places.TryAdd(path, node.Place);
            if (node is YamlMap map)
            {
                foreach (YamlEntry entry in map.Entries)
                {
                    string below = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
                    places.TryAdd(below, entry.Place);
                    Walk(entry.Value, path == "indicators" ? path : below);
                    if (entry.Value is YamlScalar)
                    {
                        places[below] = entry.Value.Place;
                    }
                }
            }
            else if (node is YamlList list)
            {
                for (int i = 0; i < list.Items.Count; i++)
                {
                    string? id = (list.Items[i] as YamlMap)?.Find("id")?.Value is YamlScalar { Text: var text } ? text : null;
                    Walk(list.Items[i], id is null ? FormattableString.Invariant($"{path}[{i}]") : $"{path}.{id}");
                }
            }
        }
    }

    private static Vibe ReadVibe(YamlMapReader map)
    {
        Vibe vibe = new(
            map.OneOf("time_horizon", EnumWords<TimeHorizon>.Words),
            map.OneOf("risk_appetite", EnumWords<RiskAppetite>.Words),
            map.OneOf("decision_style", EnumWords<DecisionStyle>.Words),
            map.OneOf("market_preference", EnumWords<MarketPreference>.Words),
            map.OneOf("execution_character", EnumWords<ExecutionCharacter>.Words));
        map.Close();
        return vibe;
    }

    private static List<PackIndicator> ReadIndicators(YamlMapReader file)
    {
        List<PackIndicator> indicators = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        YamlMapReader groups = file.Map("indicators");
        foreach (string group in (string[])["momentum", "trend", "volatility", "volume"])
        {
            foreach (YamlNode item in groups.OptionalList(group))
            {
                YamlMapReader map = new(item, file.Problems, $"indicators.{group}[]");
                string id = map.Text("id");
                RefuseTwin(map, ids, id);
                indicators.Add(new(group, id, map.Text("name"), ReadParams(map.Map("params"))));
                map.Close();
            }
        }

        groups.Close();
        file.Close();
        return indicators;
    }

    internal static List<IndicatorParam> ReadParams(YamlMapReader map)
    {
        List<IndicatorParam> values = [];
        foreach (YamlEntry entry in map.Entries)
        {
            if (entry.Value is YamlScalar { AsFlag: { } flag })
            {
                values.Add(new(entry.Key, flag ? 1 : 0, IsFlag: true));
            }
            else if (entry.Value is YamlScalar { AsNumber: { } number })
            {
                values.Add(new(entry.Key, number));
            }
            else if (entry.Value is YamlScalar { IsNull: false, Text: [>= 'a' and <= 'z', ..] word } && word.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_'))
            {
                // Which words a setting may be, the catalog says where the settings are read.
                values.Add(new(entry.Key, 0, Word: word));
            }
            else
            {
                map.Problems.Add(entry.Place, $"{map.What}.{entry.Key} must be a number, true, false or a word.", "Write a number without quotes.");
            }
        }

        return values;
    }

    private static List<PackFeature> ReadFeatures(YamlMapReader file)
    {
        List<PackFeature> features = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (YamlNode item in AtMost(file, "features", file.List("features"), FeaturesMax))
        {
            YamlMapReader map = new(item, file.Problems, "features[]");
            string id = map.Text("id");
            RefuseTwin(map, ids, id);
            double? scale = map.OptionalNumber("scale");
            if (scale is <= 0)
            {
                map.Problems.Add(map.PlaceOf("scale"), $"features[].scale must be positive, was {scale}.", "Leave it out or write a positive number.");
            }

            features.Add(new(id, map.Text("name"), map.Text("calculation"), scale ?? FeatureScales.Of(id)));
            map.Close();
        }

        file.Close();
        return features;
    }

    private static List<PackStrategy> ReadStrategies(YamlMapReader file)
    {
        List<PackStrategy> strategies = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (YamlNode item in AtMost(file, "strategies", file.List("strategies"), StrategiesMax))
        {
            YamlMapReader map = new(item, file.Problems, "strategies[]");
            string id = map.Text("id");
            RefuseTwin(map, ids, id);
            strategies.Add(new(
                id, map.Text("name"), map.Text("description"), Lines(map, "entry_logic"), Lines(map, "exit_logic"),
                map.OneOf("side", EnumWords<StrategySide>.Words, StrategySide.Long)));
            map.Close();
        }

        file.Close();
        return strategies;
    }

    private static IReadOnlyList<string> Lines(YamlMapReader map, string key) => AtMost(map, key, map.TextList(key), LinesMax);

    private static IReadOnlyList<T> AtMost<T>(YamlMapReader map, string key, IReadOnlyList<T> items, int max)
    {
        if (items.Count <= max)
        {
            return items;
        }

        map.Problems.Add(map.PlaceOf(key), $"{(map.What.Length == 0 ? key : $"{map.What}.{key}")} has {items.Count} items; {max} are allowed.", "Split the pack.");
        return [];
    }

    private static void RefuseTwin(YamlMapReader map, HashSet<string> ids, string id)
    {
        if (map.Has("id") && !IsSlug(id))
        {
            map.Problems.Add(map.PlaceOf("id"), $"{map.What}.id '{id}' is not a slug.", "Use lower-case letters, digits, dashes or underscores, a letter first.");
        }

        if (map.Has("id") && !ids.Add(id))
        {
            map.Problems.Add(map.PlaceOf("id"), $"{map.What} has the id '{id}' twice.", "Give each its own id.");
        }
    }

    internal static bool IsSlug(string text) =>
        text.Length is >= 1 and <= 64 && char.IsAsciiLetterLower(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    // What goes away while it is looked through, such as a process that ends below /proc, holds no pack.
    private sealed class PackFiles(string folder) : FileSystemEnumerator<string>(folder, Below)
    {
        protected override bool ShouldIncludeEntry(ref FileSystemEntry entry) => !entry.IsDirectory && entry.FileName.SequenceEqual(FileNames[0]);

        protected override string TransformEntry(ref FileSystemEntry entry) => entry.ToSpecifiedFullPath();

        protected override bool ContinueOnError(int error) => true;
    }
}
