using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.Tests.Workflows.Histories;

/// <summary>The journal of one run as a file: a line with the workflow, a line per event as the store held it, a line with the state that
/// the program of that day made of it.</summary>
internal sealed record History(string Run, string Workflow, IReadOnlyList<JsonObject> Events, JsonObject Final)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static History Read(string path)
    {
        JsonObject[] lines = [.. File.ReadLines(path).Select(l => JsonNode.Parse(l)!.AsObject())];
        return new(lines[0]["run"]!.GetValue<string>(), lines[0]["workflow"]!.GetValue<string>(), lines[1..^1], lines[^1]["final"]!.AsObject());
    }

    /// <summary>The journal of a run that has just been played.</summary>
    public static async Task<History> OfAsync(RunRoom room, RunId run)
    {
        RunState state = await room.StateAsync(run);
        IReadOnlyList<EventRow> rows = await room.Rows.QueryAsync<EventRow>(
            "select seq, schema_version, kind, body from run_events where run_id = @Run order by seq", new { Run = run.Value }, Ct);
        return new(run.Value, state.Definition.Text, [.. rows.Select(r => new JsonObject
        {
            ["seq"] = r.Seq, ["schema_version"] = r.SchemaVersion, ["kind"] = r.Kind, ["body"] = JsonNode.Parse(r.Body),
        })], Summary(state.ToJson()));
    }

    /// <summary>What a later program must still see, however much more it knows.</summary>
    public static JsonObject Summary(JsonObject state) => new()
    {
        ["status"] = state["status"]?.DeepClone(), ["reason"] = state["reason"]?.DeepClone(),
        ["steps"] = new JsonArray([.. state["steps"]!.AsArray().Select(s => (JsonNode)new JsonObject
        {
            ["name"] = s!["name"]!.DeepClone(), ["status"] = s["status"]!.DeepClone(), ["reason"] = s["reason"]?.DeepClone(),
            ["instances"] = new JsonArray([.. s["instances"]!.AsArray().Select(i => (JsonNode)new JsonObject
            {
                ["index"] = i!["index"]!.DeepClone(), ["status"] = i["status"]!.DeepClone(), ["attempts"] = i["attempts"]!.DeepClone(),
                ["failures"] = i["failures"]!.DeepClone(), ["output"] = i["output"]?.DeepClone(),
            })]),
        })]),
    };

    public void Write(string path) => File.WriteAllLines(path,
    [
        new JsonObject { ["run"] = Run, ["workflow"] = Workflow }.ToJsonString(),
        .. Events.Select(e => e.ToJsonString()),
        new JsonObject { ["final"] = Final.DeepClone() }.ToJsonString(),
    ]);

    /// <summary>Puts the rows into a store as they were and reads the run back from them.</summary>
    public async Task<RunState> ReplayAsync(RunRoom room)
    {
        WorkflowDefinition workflow = WorkflowYaml.ParsePublished(Workflow, "history").Value;
        await room.Engine.Versions.PublishAsync(workflow, Ct);
        await room.Rows.ExecuteAsync(
            """
            insert into runs (run_id, workflow_id, version, workflow_hash, status, concurrency_limit, parameters, requested_by, requested_at_utc, as_of_utc, changed_at_utc, seq)
            values (@Run, @Id, @Version, @Hash, 'queued', 0, '{}', 'x', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 1)
            """,
            new { Run, workflow.Id, workflow.Version, workflow.Hash }, Ct);
        foreach (JsonObject e in Events)
        {
            await room.Rows.ExecuteAsync(
                "insert into run_events (run_id, seq, schema_version, kind, at_utc, fence, body) values (@Run, @Seq, @Schema, @Kind, '2026-01-01T00:00:00Z', 1, @Body)",
                new
                {
                    Run, Seq = e["seq"]!.GetValue<long>(), Schema = e["schema_version"]!.GetValue<int>(), Kind = e["kind"]!.GetValue<string>(), Body = e["body"]!.ToJsonString(),
                }, Ct);
        }

        return await room.StateAsync(new(Run));
    }

    private sealed record EventRow(long Seq, int SchemaVersion, string Kind, string Body);
}
