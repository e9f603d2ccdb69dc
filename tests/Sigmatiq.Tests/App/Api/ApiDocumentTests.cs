using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.App.Api;
using Sigmatiq.App.Commands;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;

namespace Sigmatiq.Tests.App.Api;

/// <summary>The OpenAPI document: complete, current, and the same bytes every time.</summary>
public sealed class ApiDocumentTests
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static IEnumerable<(string Route, JsonObject Operation)> Operations =>
        DocumentedAnswers.Document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => ($"{o.Key} {p.Key}", o.Value!.AsObject())));

    [Fact]
    public async Task The_committed_document_is_what_the_program_says_of_itself()
    {
        using TemporaryFolder folder = new();
        using SqliteRowStore rows = await SqliteRowStore.OpenAsync(folder["s.db"], TimeProvider.System, Ct);
        Platform platform = Platform.Open(new(folder.Path), rows, IdSource.FromSeed(TimeProvider.System, 5), TimeProvider.System, NullLoggerFactory.Instance);
        string text = await ApiCommands.TextAsync(platform, Ct);
        text.Should().Be(await ApiCommands.TextAsync(platform, Ct), "the same program says the same bytes");
        text.Should().Be(await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", "openapi.json"), Ct), "docs/openapi.json is current: 'sigmatiq api schema > docs/openapi.json'");
        platform.Notifier.Dispose();
    }

    [Fact]
    public async Task Every_route_is_documented_with_id_summary_parameters_and_every_answer()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        int routes = 0;
        foreach (RouteEndpoint route in room.Running.Server.Routes.OfType<RouteEndpoint>().Where(r => r.Metadata.GetMetadata<PageRoute>() is null))
        {
            string path = Regex.Replace("/" + route.RoutePattern.RawText!.Trim('/'), @"\{(\w+)(:[^}]+)?\}", "{$1}");
            foreach (string method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                string shown = $"{method} {path}";
                JsonObject? operation = DocumentedAnswers.Document["paths"]![path]?[method.ToLowerInvariant()]?.AsObject();
                operation.Should().NotBeNull($"{shown} is in the document");
                operation!["operationId"]?.GetValue<string>().Should().MatchRegex("^[a-z]+([A-Z][a-zA-Z]*)?$", shown);
                operation["summary"]?.GetValue<string>().Should().NotBeNullOrWhiteSpace(shown);
                operation["tags"]!.AsArray().Should().ContainSingle(shown);
                foreach (string parameter in route.RoutePattern.Parameters.Select(p => p.Name))
                {
                    operation["parameters"]!.AsArray().Select(p => DocumentedAnswers.Resolved(p!)).Should().Contain(p => p["name"]!.GetValue<string>() == parameter && p["in"]!.GetValue<string>() == "path", shown);
                }

                Complete(shown, method, operation, isOpen: route.Metadata.GetMetadata<Microsoft.AspNetCore.Authorization.IAllowAnonymous>() is not null,
                    takesKey: route.Metadata.GetMetadata<NeverKept>() is null && route.Metadata.GetMetadata<AsksAgain>() is null);
                routes++;
            }
        }

        routes.Should().BeGreaterThan(60).And.Be(Operations.Count(), "the document has no route that is not there");
    }

    [Fact]
    public void Operations_have_ids_of_their_own_and_tags_that_the_document_describes()
    {
        Operations.Select(o => o.Operation["operationId"]!.GetValue<string>()).Should().OnlyHaveUniqueItems();
        string[] tags = [.. DocumentedAnswers.Document["tags"]!.AsArray().Select(t => t!["name"]!.GetValue<string>())];
        Operations.SelectMany(o => o.Operation["tags"]!.AsArray().Select(t => t!.GetValue<string>())).Should().BeSubsetOf(tags);
        DocumentedAnswers.Document["openapi"]!.GetValue<string>().Should().StartWith("3.1.");
        DocumentedAnswers.Document["servers"]![0]!["url"]!.GetValue<string>().Should().Be("/api");
        DocumentedAnswers.Document["components"]!["securitySchemes"]!.AsObject().Select(s => s.Key).Should().Equal("cookie", "bearer");
    }

    [Fact]
    public void Every_field_of_an_answer_is_described_and_every_reference_leads_to_a_schema()
    {
        JsonObject schemas = DocumentedAnswers.Document["components"]!["schemas"]!.AsObject();
        foreach (var (name, schema) in schemas)
        {
            schema!["description"].Should().NotBeNull(name);
            foreach (var (key, property) in schema["properties"]?.AsObject() ?? [])
            {
                bool isDescribed = property!["description"] is not null || property["oneOf"]?.AsArray().Any(o => o!["description"] is not null) == true;
                isDescribed.Should().BeTrue($"{name}.{key} says what it means");
                key.Should().MatchRegex("^[a-z0-9_]+$", $"{name}.{key} is snake_case");
            }
        }

        foreach (Match reference in Regex.Matches(DocumentedAnswers.Document.ToJsonString(), "\"#/components/schemas/([^\"]+)\""))
        {
            schemas.ContainsKey(reference.Groups[1].Value).Should().BeTrue(reference.Value);
        }
    }

    [Fact]
    public async Task The_document_is_served_to_those_who_are_signed_in()
    {
        await using ServedRoom room = await ServedRoom.StartAsync(Ct);
        using HttpClient stranger = room.Running.Stranger(), browser = await room.Running.SignedInAsync(Ct);
        (await stranger.GetAsync("/api/openapi.json", Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await browser.GetStringAsync("/api/openapi.json", Ct)).Should().Be(await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", "openapi.json"), Ct));
    }

    private static void Complete(string shown, string method, JsonObject operation, bool isOpen, bool takesKey)
    {
        JsonNode[] parameters = [.. (operation["parameters"]?.AsArray() ?? []).Select(p => DocumentedAnswers.Resolved(p!))];
        foreach (JsonNode parameter in parameters)
        {
            parameter["description"]?.GetValue<string>().Should().NotBeNullOrWhiteSpace($"{shown} says what {parameter["name"]} is");
            parameter["schema"].Should().NotBeNull(shown);
        }

        var responses = operation["responses"]!.AsObject().ToDictionary(r => r.Key, r => (JsonNode?)DocumentedAnswers.Resolved(r.Value!));
        responses.Should().Contain(r => r.Key[0] == '2' || r.Key[0] == '3', shown);
        foreach (var (status, response) in responses)
        {
            response!["description"]?.GetValue<string>().Should().NotBeNullOrWhiteSpace($"{shown} {status}");
            if (status != "303")
            {
                response["content"]?.AsObject().Should().NotBeEmpty($"{shown} {status} has a schema").And.OnlyContain(c => c.Value!["schema"] != null);
            }
        }

        responses.Where(r => r.Key[0] is '4' or '5' or 'd').Should().OnlyContain(r => r.Value!["content"]!["application/problem+json"] != null, shown);
        responses.Select(r => r.Key).Should().Contain(isOpen ? ["500", "default"] : ["401", "403", "422", "500", "default"], shown);
        bool hasKey = parameters.Any(p => p["name"]!.GetValue<string>() == "Idempotency-Key");
        hasKey.Should().Be(method != "GET" && takesKey, shown);
        Methods.Should().Contain(method.ToLowerInvariant());
    }
}
