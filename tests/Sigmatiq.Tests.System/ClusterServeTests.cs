using System.Text.Json.Nodes;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The program as nodes of a cluster, each a process of its own.</summary>
public sealed class ClusterServeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sigmatiq-nodes-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Nodes_take_their_roles_and_leave_in_order_and_one_that_was_replaced_ends()
    {
        await using PrivateDatabase database = await (await PrivatePostgres.RunningAsync()).NewDatabaseAsync();
        string[] store = ["--store", database.Url, "--data", Path.Combine(folder.FullName, "data")];
        using ProgramProcess server = ProgramProcess.Start(["serve", "--roles", "api,scheduler", "--node", "s1", .. store]);
        using ProgramProcess worker = ProgramProcess.Start(["serve", "--roles", "worker", "--node", "w1", .. store]);
        string address = (await server.SaysAsync(@"node s1 \(api,scheduler\) serves .* at (http://\S+)", Patience, Ct)).Groups[1].Value;
        await worker.SaysAsync(@"node w1 \(worker\) serves", Patience, Ct);
        using (HttpClient web = new())
        {
            (await web.GetStringAsync($"{address}/health", Ct)).Should().Contain("ok");
        }

        using (ProgramProcess namesake = ProgramProcess.Start(["serve", "--roles", "worker", "--node", "w1", .. store]))
        {
            (await namesake.EndAsync(Patience, Ct)).Should().Be(2);
            namesake.Error.Should().Contain("CLU-1002");
        }

        (await NodesAsync(store)).Should().Equal(("s1", "api,scheduler", "working", address), ("w1", "worker", "working", null));
        using (ProgramProcess drain = ProgramProcess.Start(["nodes", "drain", "w1", .. store]))
        {
            (await drain.EndAsync(Patience, Ct)).Should().Be(0);
        }

        worker.Terminate();
        (await worker.EndAsync(Patience, Ct)).Should().Be(0);
        (await NodesAsync(store)).Should().Equal(("s1", "api,scheduler", "working", address), ("w1", "worker", "left", null));

        // As when its machine slept and another process was given its name.
        using (PostgresRowStore rows = await PostgresRowStore.OpenAsync(database.Address, TimeProvider.System, Ct))
        {
            await rows.ExecuteAsync("update nodes set incarnation = 's1#another' where node_id = 's1'", null, Ct);
        }

        (await server.EndAsync(Patience, Ct)).Should().Be(1);
        server.Error.Should().Contain("CLU-1005");
    }

    private static async Task<(string Id, string Roles, string State, string? Address)[]> NodesAsync(string[] store)
    {
        using ProgramProcess list = ProgramProcess.Start(["nodes", "list", "--output", "json", .. store]);
        (await list.EndAsync(Patience, Ct)).Should().Be(0, list.Error);
        return [.. JsonNode.Parse(list.Out)!.AsArray().Select(n => (n!["id"]!.GetValue<string>(), n["roles"]!.GetValue<string>(), n["state"]!.GetValue<string>(), n["address"]?.GetValue<string>()))];
    }
}
