using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Clients;
using Sigmatiq.Tests.App.Commands;

namespace Sigmatiq.Tests.App.Api.Clients;

/// <summary>The C# client says what the document says. That it compiles and is answered is shown by <c>CSharpClientProcessTests</c>.</summary>
public sealed class CSharpClientTests
{
    [Fact]
    public void Every_operation_of_the_document_is_a_method_or_is_named_as_left_out()
    {
        JsonObject document = JsonNode.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "openapi.json")))!.AsObject();
        string client = CSharpClient.Of(document, "Sigmatiq.Client");
        string[] operations = [.. document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Where(o => o.Value is JsonObject).Select(o => o.Value!["operationId"]!.GetValue<string>())];
        operations.Should().HaveCountGreaterThan(90);
        string leftOut = client.Split('\n').Single(l => l.Contains("Left out, since pages", StringComparison.Ordinal));
        foreach (string operation in operations)
        {
            bool isMethod = client.Contains($" {char.ToUpperInvariant(operation[0])}{operation[1..]}Async(", StringComparison.Ordinal);
            bool isNamed = leftOut.Contains(operation, StringComparison.Ordinal);
            (isMethod ^ isNamed).Should().BeTrue($"{operation} is a method or left out");
        }

        client.Should().NotContain("{operations}").And.NotContain("{shapes}").And.Contain("namespace Sigmatiq.Client;");
    }

    [Fact]
    public void Names_that_the_language_cannot_take_are_written_so_that_it_can()
    {
        JsonObject document = JsonNode.Parse("""
            { "paths": { "/events/{event}/{class}": { "get": { "operationId": "readEvent", "summary": "Reads <one> & \"more\"",
                "parameters": [ { "name": "event", "in": "path", "schema": { "type": "string" } }, { "name": "class", "in": "path", "schema": { "type": "integer", "format": "int32" } },
                                { "name": "1m-bars", "in": "query", "schema": { "type": "boolean" } }, { "name": "ct", "in": "query", "schema": { "type": "string" } } ],
                "responses": { "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Event" } } } } } } } },
              "components": { "schemas": { "Event": { "type": "object", "required": ["event"], "properties": {
                "event": { "type": "string" }, "Event": { "type": ["null", "number"] }, "2nd": { "type": "array", "items": { "type": "integer", "format": "int64" } },
                "made_at": { "type": "string", "format": "date-time" }, "of": { "oneOf": [ { "type": "null" }, { "$ref": "#/components/schemas/Event" } ] }, "free": {}, "mark": { "$ref": "#/components/schemas/Mark" },
                "by": { "type": "object", "additionalProperties": { "type": "number" } } } }, "Mark": { "type": "string", "enum": ["gain", "loss"] } } } }
            """)!.AsObject();
        string client = CSharpClient.Of(document, "A.B");
        client.Should().Contain("public Task<Event> ReadEventAsync(string @event, int @class, bool? n1mBars = null, string? ct2 = null, CancellationToken ct = default) =>")
            .And.Contain("GetAsync<Event>(Address($\"events/{Segment(@event)}/{Segment(@class)}\", (\"1m-bars\", n1mBars), (\"ct\", ct2)), ct);")
            .And.Contain("<summary>Reads &lt;one&gt; &amp; \"more\".</summary>")
            .And.Contain("public required string Event2 { get; init; }").And.Contain("public double? Event3 { get; init; }")
            .And.Contain("public IReadOnlyList<long>? N2nd { get; init; }").And.Contain("public DateTimeOffset? MadeAt { get; init; }")
            .And.Contain("public Event? Of { get; init; }").And.Contain("public JsonElement? Free { get; init; }").And.Contain("public string? Mark { get; init; }")
            .And.Contain("public IReadOnlyDictionary<string, double>? By { get; init; }");
    }

    [Theory]
    [InlineData("Desk", true)]
    [InlineData("My.Desk_2", true)]
    [InlineData("", false)]
    [InlineData("My..Desk", false)]
    [InlineData("2Desk", false)]
    [InlineData("My.class", false)]
    [InlineData("My; class X", false)]
    public async Task A_namespace_that_is_none_is_refused_before_anything_is_written(string space, bool isOne)
    {
        using TemporaryFolder folder = new();
        CommandLineRun run = await CommandLineRun.OfAsync(["api", "client", "--namespace", space, "--data", folder.Path], TestContext.Current.CancellationToken);
        if (isOne)
        {
            run.ExitCode.Should().Be(0, run.Error);
            run.Out.Should().Contain($"namespace {space};");
        }
        else
        {
            run.ExitCode.Should().Be(2);
            run.Error.Should().Contain("APP-1160").And.Contain("--namespace");
            run.Out.Should().BeEmpty();
        }
    }
}
