using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.App.Api;

public sealed class ModelsApiTests
{
    // The request of 01 §1.13, word for word.
    internal const string Example = """
        { "model_id":"spy_swing_momentum_v1","pack_id":"swingsigma","user_id":"user_12345",
          "name":"SPY Momentum Swing","description":"...","instrument":"stocks","ticker":"SPY",
          "strategy_id":"momentum_swing",
          "selected_indicators":["rsi","macd","adx","ema_20","ema_50","bollinger_bands","volume_ma"],
          "selected_features":["rsi_divergence","macd_cross","trend_strength","volume_surge","momentum_composite"],
          "risk_profile":"balanced",
          "parameter_overrides":{"rsi_period":21,"stop_loss_pct":6,"max_position_pct":3} }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "S1-35")]
    public async Task The_example_answers_201_in_exactly_the_shape_of_the_spec()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage answer = await browser.PostAsync("/models", Json(Example), Token);
        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        JsonNode body = (await answer.Content.ReadFromJsonAsync<JsonNode>(Token))!;
        JsonNode expected = JsonNode.Parse("""
            { "success":true,"model":{"id":"spy_swing_momentum_v1","status":"created","created_at":"2026-01-16T14:43:00Z","next_step":"configure_sweep"} }
            """)!;
        JsonNode.DeepEquals(body, expected).Should().BeTrue($"was {body}");
    }

    [Fact]
    public async Task A_researcher_makes_models_in_their_own_name_only()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient ben = await running.SignedInAsync(new("ben", "Ben Gil", "researcher", "pro"), Token);
        using HttpResponseMessage another = await ben.PostAsync("/models", Json(Example), Token);
        another.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await another.Content.ReadAsStringAsync(Token)).Should().Contain("USR-1010").And.Contain("user_id");
        using HttpResponseMessage own = await ben.PostAsync("/models", Json(Example.Replace("user_12345", "ben")), Token);
        own.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    [Trait("Row", "S1-36")]
    public async Task The_same_model_again_is_no_new_one_and_another_under_its_id_is_a_conflict()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage first = await browser.PostAsync("/models", Json(Example), Token);
        running.Clock.Now += TimeSpan.FromHours(1);
        using HttpResponseMessage again = await browser.PostAsync("/models", Json(Example), Token);
        again.StatusCode.Should().Be(HttpStatusCode.OK);
        (await again.Content.ReadAsStringAsync(Token)).Should().Be(await first.Content.ReadAsStringAsync(Token));
        using HttpResponseMessage other = await browser.PostAsync("/models", Json(Example.Replace("\"rsi_period\":21", "\"rsi_period\":22")), Token);
        other.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await other.Content.ReadAsStringAsync(Token)).Should().Contain("MDL-1002");
    }

    [Theory]
    [InlineData("swingsigma", "nosuchpack", "MDL-1001")]
    [InlineData("\"rsi\",", "\"rsi\",\"wibble\",", "MDL-1003")]
    [InlineData("\"rsi_period\":21", "\"rsi_period\":1", "MDL-1005")]
    [InlineData("\"instrument\":\"stocks\"", "\"instrument\":\"bonds\"", "MDL-1006")]
    [InlineData("[\"rsi\",\"macd\",\"adx\",\"ema_20\",\"ema_50\",\"bollinger_bands\",\"volume_ma\"]", "[]", "MDL-1007")]
    [InlineData("\"ticker\":\"SPY\"", "\"ticker\":7", "MDL-1008")]
    public async Task Each_invalid_field_gives_its_own_code(string part, string broken, string code)
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage answer = await browser.PostAsync("/models", Json(Example.Replace(part, broken)), Token);
        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        JsonNode body = (await answer.Content.ReadFromJsonAsync<JsonNode>(Token))!;
        body["problems"]!.AsArray().Select(p => p!["code"]!.GetValue<string>()).Should().Contain(code);
        (await browser.GetFromJsonAsync<JsonArray>("/models", Token)).Should().BeEmpty("nothing half made stays");
    }

    [Theory]
    [InlineData("{ \"model_id\": ")]
    [InlineData("{ \"a\": 1, \"a\": 2 }")]
    [InlineData("")]
    public async Task A_body_that_is_not_json_is_refused(string body)
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage answer = await browser.PostAsync("/models", Json(body), Token);
        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await answer.Content.ReadAsStringAsync(Token)).Should().Contain("APP-2011");
    }

    [Fact]
    public async Task A_model_can_be_looked_at_and_an_unknown_one_is_404()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage created = await browser.PostAsync("/models", Json(Example), Token);
        JsonNode shown = (await browser.GetFromJsonAsync<JsonNode>("/models/spy_swing_momentum_v1", Token))!;
        shown["config"]!["risk_management"]!["stop_loss_pct"]!.GetValue<double>().Should().Be(6);
        using HttpResponseMessage unknown = await browser.GetAsync("/models/nothing", Token);
        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await unknown.Content.ReadAsStringAsync(Token)).Should().Contain("MDL-1009");
    }

    [Fact]
    public async Task A_preview_makes_nothing_and_says_each_problem_at_its_field()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Token);
        JsonNode sound = await PreviewAsync(browser, Example);
        sound["valid"]!.GetValue<bool>().Should().BeTrue(sound.ToJsonString());
        JsonNode Setting(JsonNode draft, string key) => draft["settings"]!.AsArray().Single(s => s!["key"]!.GetValue<string>() == key)!;
        JsonNode rsi = Setting(sound, "rsi_period"), stop = Setting(sound, "stop_loss_pct"), target = Setting(sound, "take_profit_pct");
        (rsi["default"]!.GetValue<double>(), rsi["value"]!.GetValue<double>(), rsi["source"]!.GetValue<string>()).Should().Be((14, 21, "override"));
        (stop["default"]!.GetValue<double>(), stop["value"]!.GetValue<double>(), stop["source"]!.GetValue<string>()).Should().Be((8, 6, "override"));
        (target["value"]!.GetValue<double>(), target["source"]!.GetValue<string>()).Should().Be((16, "pack"));
        Setting(await PreviewAsync(browser, Example.Replace("balanced", "conservative").Replace(",\"stop_loss_pct\":6", "")), "stop_loss_pct")["source"]!.GetValue<string>().Should().Be("profile");
        JsonNode hidden = sound["inputs"]!.AsArray().Single(i => i!["id"]!.GetValue<string>() == "stochastic")!;
        (hidden["selected"]!.GetValue<bool>(), hidden["needed_by"]!.GetValue<string>()).Should().Be((false, "feature momentum_composite"));
        sound["warnings"]!.AsArray().Select(w => w!["code"]!.GetValue<string>()).Should().Equal("MDL-1004");

        JsonNode broken = await PreviewAsync(browser, Example.Replace("\"rsi_period\":21", "\"rsi_period\":1").Replace("\"stop_loss_pct\":6", "\"stop_loss_pct\":600"));
        broken["valid"]!.GetValue<bool>().Should().BeFalse();
        broken["problems"]!.AsArray().Select(p => (p!["code"]!.GetValue<string>(), p["where"]!.GetValue<string>())).Should()
            .Equal(("MDL-1005", "parameter_overrides.rsi_period"), ("MDL-1005", "parameter_overrides.stop_loss_pct"));
        Setting(broken, "rsi_period")["value"]!.GetValue<double>().Should().Be(1, "what was asked for stays to be corrected");
        (await browser.GetFromJsonAsync<JsonArray>("/models", Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_model_is_changed_as_a_further_config_until_a_sweep_rests_on_it()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage made = await browser.PostAsync("/models", Json(Example), Token);
        using HttpResponseMessage changed = await browser.PutAsync("/models/spy_swing_momentum_v1", Json(Example.Replace("\"stop_loss_pct\":6", "\"stop_loss_pct\":5")), Token);
        JsonNode answer = (await changed.Content.ReadFromJsonAsync<JsonNode>(Token))!;
        (answer["config_version"]!.GetValue<int>(), answer["changed"]!.GetValue<bool>()).Should().Be((2, true), answer.ToJsonString());
        JsonNode doc = (await browser.GetFromJsonAsync<JsonNode>("/models/spy_swing_momentum_v1/document", Token))!;
        doc["settings"]!.AsArray().Single(s => s!["key"]!.GetValue<string>() == "stop_loss_pct")!["value"]!.GetValue<double>().Should().Be(5);
        doc["configs"]!.AsArray().Select(c => c!["version"]!.GetValue<int>()).Should().Equal(2, 1);
        doc["settings_locked"].Should().BeNull();

        // The same again changes nothing, and a name may change by itself.
        using HttpResponseMessage renamed = await browser.PutAsync("/models/spy_swing_momentum_v1", Json(Example.Replace("\"stop_loss_pct\":6", "\"stop_loss_pct\":5").Replace("SPY Momentum Swing", "SPY, new name")), Token);
        (await renamed.Content.ReadFromJsonAsync<JsonNode>(Token))!["changed"]!.GetValue<bool>().Should().BeFalse();
        await running.Rows.ExecuteAsync(
            """
            insert into sweeps (sweep_id, request_hash, request, user_id, model_id, pack, pack_hash, hypothesis_key, lineage, synthetic, data_snapshot_id, data_source_version, total, grid_size, status, progress, log, created_by, created_at_utc)
            values ('sweep_1', 'h', '{}', 'user_12345', 'spy_swing_momentum_v1', 'swingsigma@1.1.0', 'p', 'k', 'l', 1, 's', 'v', 1, 1, 'queued', 0, '[]', 'operator', '2026-01-16T00:00:00Z')
            """, null, Token);
        using HttpResponseMessage refused = await browser.PutAsync("/models/spy_swing_momentum_v1", Json(Example), Token);
        refused.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await refused.Content.ReadAsStringAsync(Token)).Should().Contain("MDL-1013").And.Contain("1 sweep rests");
        (await browser.GetFromJsonAsync<JsonNode>("/models/spy_swing_momentum_v1/document", Token))!["settings_locked"]!.GetValue<string>().Should().Contain("1 sweep rests");
        using HttpResponseMessage named = await browser.PutAsync("/models/spy_swing_momentum_v1", Json(Example.Replace("\"stop_loss_pct\":6", "\"stop_loss_pct\":5").Replace("SPY Momentum Swing", "SPY, third name")), Token);
        named.StatusCode.Should().Be(HttpStatusCode.OK, "a name is no setting");
        using HttpResponseMessage other = await browser.PutAsync("/models/spy_swing_momentum_v1", Json(Example.Replace("spy_swing_momentum_v1", "another")), Token);
        (await other.Content.ReadAsStringAsync(Token)).Should().Contain("MDL-1008");
        using HttpClient ben = await running.SignedInAsync(new("ben", "Ben Gil", "researcher", "pro"), Token);
        using HttpResponseMessage others = await ben.PutAsync("/models/spy_swing_momentum_v1", Json(Example), Token);
        others.StatusCode.Should().Be(HttpStatusCode.Forbidden, "it is another's model");
    }

    [Fact]
    public async Task A_retired_model_stays_with_all_it_has_and_comes_back()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage made = await browser.PostAsync("/models", Json(Example), Token);
        using HttpRequestMessage retire = new(HttpMethod.Delete, "/models/spy_swing_momentum_v1") { Content = Json("""{ "reason": "superseded" }""") };
        using HttpResponseMessage retired = await browser.SendAsync(retire, Token);
        JsonNode standing = (await retired.Content.ReadFromJsonAsync<JsonNode>(Token))!["model"]!;
        (standing["status"]!.GetValue<string>(), standing["next_step"]!.GetValue<string>()).Should().Be(("retired", "restore"));
        (await browser.GetFromJsonAsync<JsonNode>("/models/spy_swing_momentum_v1", Token))!["config"]!["strategy"]!["id"]!.GetValue<string>().Should().Be("momentum_swing");
        using HttpResponseMessage again = await browser.PostAsync("/models", Json(Example), Token);
        again.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await again.Content.ReadAsStringAsync(Token)).Should().Contain("MDL-1014");
        using HttpResponseMessage change = await browser.PutAsync("/models/spy_swing_momentum_v1", Json(Example), Token);
        (await change.Content.ReadAsStringAsync(Token)).Should().Contain("MDL-1014");
        (await running.Rows.FirstOrDefaultAsync<string>("select reason from audit where action = 'model.retired'", null, Token)).Should().Be("superseded");
        using HttpResponseMessage restored = await browser.PostAsync("/models/spy_swing_momentum_v1/restore", Json("{}"), Token);
        (await restored.Content.ReadFromJsonAsync<JsonNode>(Token))!["model"]!["status"]!.GetValue<string>().Should().Be("created");
    }

    [Fact]
    public async Task A_model_moves_to_another_version_over_http_as_the_command_does_it()
    {
        await using RunningServer running = await StartAsync();
        using HttpClient browser = await running.SignedInAsync(Token);
        using HttpResponseMessage made = await browser.PostAsync("/models", Json(Example.Replace("\"pack_id\":\"swingsigma\"", "\"pack_id\":\"swingsigma\",\"pack_version\":\"1.0.0\"")), Token);
        made.StatusCode.Should().Be(HttpStatusCode.Created);
        async Task<JsonNode> MoveAsync(string body)
        {
            using HttpResponseMessage answer = await browser.PostAsync("/models/spy_swing_momentum_v1/migrate", Json(body), Token);
            return (await answer.Content.ReadFromJsonAsync<JsonNode>(Token))!;
        }

        JsonNode dry = await MoveAsync("""{ "to": "1.1.0", "dry_run": true }""");
        (dry["from"]!.GetValue<string>(), dry["to"]!.GetValue<string>(), dry["written"]!.GetValue<bool>()).Should().Be(("swingsigma@1.0.0", "swingsigma@1.1.0", false), dry.ToJsonString());
        dry["checks"]!.AsArray().Should().NotBeEmpty().And.OnlyContain(c => c!["differing"]!.GetValue<int>() == 0);
        (await MoveAsync("""{ "to": "1.1.0" }"""))["written"]!.GetValue<bool>().Should().BeTrue();
        (await MoveAsync("""{ "to": "1.1.0" }"""))["written"]!.GetValue<bool>().Should().BeFalse("it is there already");
        (await MoveAsync("""{ "rollback": true }"""))["to"]!.GetValue<string>().Should().Be("swingsigma@1.0.0");
        (await MoveAsync("{}"))["code"]!.GetValue<string>().Should().Be("MDL-1008");
        (await MoveAsync("""{ "to": "9.9.9" }"""))["code"]!.GetValue<string>().Should().Be("MDL-1001");
        (await browser.GetFromJsonAsync<JsonNode>("/models/spy_swing_momentum_v1/document", Token))!["configs"]!.AsArray()[0]!["restores"]!.GetValue<int>().Should().Be(1);
    }

    private static async Task<JsonNode> PreviewAsync(HttpClient browser, string body)
    {
        using HttpResponseMessage answer = await browser.PostAsync("/models/preview", Json(body), Token);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(Token))!;
    }

    internal static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    internal static ModelsApi Api(RunningServer running) => new(
        new PackLibrary(Path.Combine(Checkout.Root, "packs")), new ModelStore(running.Rows, running.Data, running.Clock), running.Rows, new AuditChain(running.Clock),
        new BarStore(running.Data, running.Rows, running.Clock, IdSource.FromSeed(running.Clock, 7)), running.Clock);

    private static Task<RunningServer> StartAsync() => RunningServer.StartAsync(Token, running => Api(running).Map);
}
