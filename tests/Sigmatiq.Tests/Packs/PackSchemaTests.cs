using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Yaml;

namespace Sigmatiq.Tests.Packs;

/// <summary>The schemas say what the reader does: every key, word and range of one is put to the other.</summary>
public sealed class PackSchemaTests
{
    public static TheoryData<string> Files => [.. PackFolder.FileNames];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_required_key_is_missed_an_optional_one_is_not_and_any_other_is_refused(string file)
    {
        int required = 0, optional = 0;
        foreach (var (path, key, isRequired, _) in Keys(file))
        {
            JsonObject content = Full(file);
            At(content, path).Remove(key);
            bool isOk = IsOk(file, content);
            // The method and its target come together, whichever is left out.
            isOk.Should().Be(!isRequired && key != "vol_target_pct", $"{file} without {string.Join('.', path)}.{key}");
            required += isRequired ? 1 : 0;
            optional += isRequired ? 0 : 1;
        }

        foreach (IReadOnlyList<string> path in Keys(file).Select(k => k.Path).Distinct())
        {
            JsonObject content = Full(file);
            At(content, path)["nosuch"] = 1;
            IsOk(file, content).Should().Be(path.Count > 0 && path[^1] == "params", $"{file} with {string.Join('.', path)}.nosuch");
            content = Full(file);
            At(content, path)["x_own"] = 1;
            IsOk(file, content).Should().BeTrue();
        }

        (required + optional).Should().BePositive();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Words_are_those_that_are_read_and_numbers_end_where_the_reader_ends_them(string file)
    {
        int tried = 0;
        foreach (var (path, key, _, schema) in Keys(file))
        {
            foreach (JsonNode? word in schema["enum"]?.AsArray() ?? [])
            {
                if (key is "method" || (key == "default_instrument"))
                {
                    continue;
                }

                Accepts(word!.DeepClone()).Should().BeTrue($"{key}: {word}");
                tried++;
            }

            if (schema["enum"] is not null)
            {
                Accepts("nosuch").Should().BeFalse(key);
            }

            JsonObject number = schema["anyOf"]?[0]?.AsObject() ?? schema;
            if (number["type"]?.GetValue<string>() is not ("number" or "integer"))
            {
                continue;
            }

            double step = number["type"]!.GetValue<string>() == "integer" ? 1 : 1e-6;
            if (Limit(number["minimum"]) is { } min)
            {
                (Accepts(min), Accepts(min - step)).Should().Be((true, false), $"{key} from {min}");
            }

            if (Limit(number["exclusiveMinimum"]) is { } above)
            {
                (Accepts(above), Accepts(above + step)).Should().Be((false, true), $"{key} above {above}");
            }

            if (Limit(number["maximum"]) is { } max)
            {
                (Accepts(max), Accepts(max * (1 + 1e-6) + step)).Should().Be((true, false), $"{key} to {max}");
            }

            if (schema["anyOf"] is not null)
            {
                Accepts("none").Should().BeTrue(key);
            }

            tried++;

            bool Accepts(JsonNode value)
            {
                JsonObject content = Full(file);
                At(content, path)[key] = value;
                return IsOk(file, content);
            }
        }

        (tried > 0 || file is "features.yaml" or "strategies.yaml" or "indicators.yaml").Should().BeTrue(file);
    }

    [Fact]
    public void An_example_of_every_key_is_read()
    {
        foreach (string file in PackFolder.FileNames)
        {
            IsOk(file, Full(file)).Should().BeTrue(file);
            foreach (var (path, key, _, _) in Keys(file))
            {
                At(Full(file), path).ContainsKey(key).Should().BeTrue($"the example of {file} has {string.Join('.', path)}.{key}");
            }
        }

        Action other = () => PackSchema.Of("readme.md");
        other.Should().Throw<ArgumentOutOfRangeException>();
    }

    // Lists go by their first item, written as [0].
    private static List<(IReadOnlyList<string> Path, string Key, bool IsRequired, JsonObject Schema)> Keys(string file)
    {
        List<(IReadOnlyList<string>, string, bool, JsonObject)> keys = [];
        Walk(PackSchema.Of(file), []);
        return keys;

        void Walk(JsonObject schema, IReadOnlyList<string> path)
        {
            if (schema["items"] is JsonObject item)
            {
                Walk(item, [.. path, "[0]"]);
            }

            HashSet<string> required = [.. schema["required"]?.AsArray().Select(k => k!.GetValue<string>()) ?? []];
            foreach (var (key, below) in schema["properties"]?.AsObject() ?? [])
            {
                keys.Add((path, key, required.Contains(key), below!.AsObject()));
                Walk(below!.AsObject(), [.. path, key]);
            }
        }
    }

    private static JsonObject At(JsonObject content, IReadOnlyList<string> path)
    {
        JsonNode node = content;
        foreach (string key in path)
        {
            node = key == "[0]" ? node[0]! : node[key]!;
        }

        return node.AsObject();
    }

    private static double? Limit(JsonNode? node) => node is null ? null : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    // swingsigma with every optional key written out.
    private static JsonObject Full(string file)
    {
        JsonObject content = PackFolder.Parse(SomePack.Texts()).Value.Content[file]!.DeepClone().AsObject();
        switch (file)
        {
            case "pack.yaml":
                content["metadata"]!["tags"] = new JsonArray("swing");
                break;
            case "features.yaml":
                content["features"]![0]!["scale"] = 2;
                break;
            case "strategies.yaml":
                content["strategies"]![0]!["side"] = "long";
                break;
            case "policies.yaml":
                content["policies"]!["position_sizing"]!["method"] = "vol_target";
                content["policies"]!["position_sizing"]!["vol_target_pct"] = 2;
                content["policies"]!["engine"] = SomePack.Bench.Content["policies.yaml"]!["policies"]!["engine"]!.DeepClone();
                break;
        }

        return content;
    }

    private static bool IsOk(string file, JsonObject content)
    {
        Dictionary<string, string> texts = SomePack.Texts();
        texts[file] = YamlWriter.Write(content);
        return PackFolder.Parse(texts).IsOk;
    }
}
