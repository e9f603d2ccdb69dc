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
