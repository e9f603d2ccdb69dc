using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Models;

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

    internal static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static Task<RunningServer> StartAsync() => RunningServer.StartAsync(Token, running =>
        new ModelsApi(new PackLibrary(Path.Combine(Checkout.Root, "packs")), new ModelStore(running.Rows, running.Data, running.Clock), running.Rows).Map);
}
