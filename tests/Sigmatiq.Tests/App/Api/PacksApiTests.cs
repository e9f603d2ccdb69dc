using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Packs;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Packs over HTTP: the same content and findings as the commands.</summary>
public sealed class PacksApiTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_pack_of_the_library_is_listed_and_shown_with_its_files()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonArray list = (await browser.GetFromJsonAsync<JsonArray>("/api/packs", Ct))!;
        list.Select(p => p!["id"]!.GetValue<string>()).Should().Equal(room.Platform.Packs.List().Select(p => $"{p.Id}@{p.Version}"));
        JsonNode shown = (await browser.GetFromJsonAsync<JsonNode>("/api/packs/swingsigma", Ct))!;
        Pack pack = room.Platform.Packs.Load("swingsigma");
        (shown["id"]!.GetValue<string>(), shown["hash"]!.GetValue<string>(), shown["published"]!.GetValue<bool>()).Should().Be((pack.Reference, pack.Hash.Hex, false));
        shown["content"]!.AsObject().Select(c => c.Key).Should().BeEquivalentTo(PackFolder.FileNames);
        (await browser.GetFromJsonAsync<string[]>("/api/packs/swingsigma/versions", Ct)).Should().Equal(room.Platform.Packs.Versions("swingsigma").Select(v => v.ToString()));
        (await browser.GetFromJsonAsync<JsonNode>("/api/packs/swingsigma/lint", Ct))!["valid"]!.GetValue<bool>().Should().BeTrue();
        (await browser.GetFromJsonAsync<JsonNode>("/api/pack-schema/gates.yaml", Ct))!.ToJsonString().Should().Be(PackSchema.Of("gates.yaml").ToJsonString());
        foreach (string unknown in new[] { "packs/nothing", "packs/swingsigma@9.9.9", "packs/nothing/versions", "packs/..%2f..%2fetc" })
        {
            using HttpResponseMessage none = await browser.GetAsync("/api/" + unknown, Ct);
            none.StatusCode.Should().Be(HttpStatusCode.NotFound, unknown);
            (await none.Content.ReadAsStringAsync(Ct)).Should().Contain("MDL-1001");
        }
    }

    [Fact]
    public async Task A_pack_reads_as_a_document_with_the_expression_beneath_each_sentence()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode doc = (await browser.GetFromJsonAsync<JsonNode>("/api/packs/swingsigma@1.1.0/document", Ct))!;
        JsonNode momentum = doc["strategies"]![0]!;
        (momentum["id"]!.GetValue<string>(), momentum["side"]!.GetValue<string>(), momentum["is_default"]!.GetValue<bool>()).Should().Be(("momentum_swing", "long", true));
        momentum["entry"]!.AsArray().Select(r => r!["sentence"]!.GetValue<string>()).Should().Equal(
            "Relative Strength Index is above 50 and below 70", "MACD Signal Cross holds", "Average Directional Index is above 25", "Price is above 20-day EMA");
        momentum["entry"]![0]!["expression"]!.GetValue<string>().Should().Be("rsi > 50 AND rsi < 70");
        JsonNode Gate(string key) => doc["gates"]!.AsArray().Single(g => g!["key"]!.GetValue<string>() == key)!;
        (Gate("max_drawdown_pct")["required"]!.GetValue<double>(), Gate("max_drawdown_pct")["unit"]!.GetValue<string>()).Should().Be((0.25, "drawdown"), "percent of the file is a fraction here");
        (Gate("min_win_rate")["required"]!.GetValue<double>(), Gate("max_slippage_bps")["required"]!.GetValue<double>()).Should().Be((0.4, 10));
        JsonNode period = doc["parameters"]!.AsArray().Single(p => p!["key"]!.GetValue<string>() == "rsi_period")!;
        (period["default"]!.GetValue<double>(), period["min"]!.GetValue<double>(), period["max"]!.GetValue<double>()).Should().Be((14, 2, 500));
        doc["parameters"]!.AsArray().Should().NotContain(p => p!["key"]!.GetValue<string>() == "ema_20_period", "its id fixes it");
        doc["versions"]!.AsArray().Select(v => v!["version"]!.GetValue<string>()).Should().Equal("1.1.0", "1.0.0");
        doc["policies"]!.AsArray().Select(p => p!["sentence"]!.GetValue<string>()).Should().Contain("A stop ends a position 8% against its entry.");
        JsonNode files = (await browser.GetFromJsonAsync<JsonNode>("/api/packs/swingsigma@1.1.0/files", Ct))!["files"]!;
        files.AsObject().Select(f => f.Key).Should().Equal(PackFolder.FileNames);
    }

    [Fact]
    public async Task Two_versions_differ_by_exactly_what_their_files_say()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        JsonNode diff = (await browser.GetFromJsonAsync<JsonNode>("/api/packs/swingsigma@1.0.0/diff/1.1.0", Ct))!;

        // Spec 01 §1.12: only the version, the dash of the description and the place of the tags.
        diff["changes"]!.AsArray().Select(c => $"{c!["file"]} {c["path"]}".Split('[')[0]).Distinct().Should()
            .BeEquivalentTo("pack.yaml pack.version", "pack.yaml pack.description", "pack.yaml metadata.tags", "pack.yaml tags");
        (await browser.GetFromJsonAsync<JsonNode>("/api/packs/swingsigma@1.1.0/diff/swingsigma@1.1.0", Ct))!["equal"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task A_pack_is_published_once_by_an_operator_and_stays_so()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct), ben = await room.Running.SignedInAsync(new("ben", "Ben Gil", "researcher", "pro"), Ct);
        using HttpResponseMessage refused = await ben.PostAsJsonAsync("/api/packs/swingsigma@1.1.0/publish", new { }, Ct);
        refused.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        using HttpResponseMessage published = await browser.PostAsJsonAsync("/api/packs/swingsigma@1.1.0/publish", new { }, Ct);
        published.StatusCode.Should().Be(HttpStatusCode.Created, await published.Content.ReadAsStringAsync(Ct));
        using HttpResponseMessage again = await browser.PostAsJsonAsync("/api/packs/swingsigma@1.1.0/publish", new { }, Ct);
        (again.StatusCode, (await again.Content.ReadFromJsonAsync<JsonNode>(Ct))!["is_new"]!.GetValue<bool>()).Should().Be((HttpStatusCode.OK, false));
        JsonNode doc = (await browser.GetFromJsonAsync<JsonNode>("/api/packs/swingsigma@1.1.0/document", Ct))!;
        doc["published"]!["by"]!.GetValue<string>().Should().NotBeEmpty();
        doc["versions"]!.AsArray().Single(v => v!["version"]!.GetValue<string>() == "1.0.0")!["published"].Should().BeNull();
    }

    [Fact]
    public async Task Texts_of_a_pack_are_linted_and_what_is_wrong_has_its_line()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient browser = await room.Running.SignedInAsync(Ct);
        var (id, version) = room.Platform.Packs.Resolve("swingsigma");
        string folder = room.Platform.Packs.FolderOf(id, version);
        Dictionary<string, string> files = PackFolder.FileNames.ToDictionary(f => f, f => File.ReadAllText(Path.Combine(folder, f)));
        JsonNode sound = await LintAsync(browser, files);
        (sound["valid"]!.GetValue<bool>(), sound["id"]!.GetValue<string>()).Should().Be((true, $"{id}@{version}"), sound.ToJsonString());
        files["strategies.yaml"] = files["strategies.yaml"].Replace("rsi", "wibble");
        JsonNode broken = await LintAsync(browser, files);
        broken["valid"]!.GetValue<bool>().Should().BeFalse();
        broken["findings"]!.AsArray().Should().Contain(f => f!["level"]!.GetValue<string>() == "error" && f["message"]!.GetValue<string>().Contains("wibble"));
        files.Remove("gates.yaml");
        (await LintAsync(browser, files))["findings"]!.AsArray().Should().Contain(f => f!["file"] != null && f["message"]!.GetValue<string>().Contains("gates.yaml"));
        foreach (object body in new object[] { new { files = "all" }, new { files = new Dictionary<string, string> { ["other.yaml"] = "" } }, new { files = new { x = 1 } } })
        {
            using HttpResponseMessage refused = await browser.PostAsJsonAsync("/api/packs/validate", body, Ct);
            refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
            (await refused.Content.ReadAsStringAsync(Ct)).Should().Contain("APP-2025");
        }

        using HttpResponseMessage schema = await browser.GetAsync("/api/pack-schema/other.yaml", Ct);
        (await schema.Content.ReadAsStringAsync(Ct)).Should().Contain("APP-2025");
    }

    private static async Task<JsonNode> LintAsync(HttpClient browser, Dictionary<string, string> files)
    {
        using HttpResponseMessage answer = await browser.PostAsJsonAsync("/api/packs/validate", new { files }, Ct);
        return JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Ct))!;
    }
}
