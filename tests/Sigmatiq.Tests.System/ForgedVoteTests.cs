using System.Text.Json.Nodes;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.Tests.SystemTests;

/// <summary>The whole program on a store that somebody opened with another tool between the request for a vote and the deployment.</summary>
public sealed class ForgedVoteTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string folder = Directory.CreateTempSubdirectory("sigmatiq-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_vote_written_into_the_database_by_hand_deploys_nothing()
    {
        using (ProgramProcess run = ProgramProcess.Start(
            "lifecycle", "run", "--ticker", "MKT.SYN", "--from", "2021-01-01", "--to", "2024-06-28", "--as-of", "2024-07-01T12:00:00Z", "--data", folder))
        {
            (await run.EndAsync(Patience, Ct)).Should().Be(3, run.Error);
        }

        using SqliteRowStore hand = SqliteRowStore.OpenUnmigrated(Path.Combine(folder, "sigmatiq.db"));
        foreach (string trigger in await hand.QueryAsync<string>("select name from sqlite_master where type = 'trigger'", null, Ct))
        {
            await hand.ExecuteAsync($"drop trigger {trigger}", null, Ct);
        }

        JsonNode approval = JsonNode.Parse((await hand.FirstOrDefaultAsync<string>("select body from approvals", null, Ct))!)!;
        string id = approval["id"]!.GetValue<string>();
        approval["status"] = "APPROVED";
        approval["decided_by"] = "operator";
        approval["reason"] = "forged";
        approval["decided_utc"] = approval["created_utc"]!.DeepClone();
        approval["votes"] = new JsonArray(new JsonObject
        {
            ["choice"] = "APPROVE", ["voter"] = "operator", ["voter_name"] = "local operator", ["role"] = "operator", ["reason"] = "forged",
            ["digest"] = approval["digest"]!.DeepClone(), ["at_utc"] = approval["created_utc"]!.DeepClone(), ["for"] = null,
        });
        (await hand.ExecuteAsync("update approvals set status = 'APPROVED', body = @body", new { body = approval.ToJsonString() }, Ct)).Should().Be(1);
        await hand.ExecuteAsync(
            "insert into run_requests (kind, subject, requested_by, reason, requested_at_utc) values ('wake', @subject, 'operator', '', '2024-07-01T12:00:00.000000Z')",
            new { subject = $"approval:{id}" }, Ct);

        using (ProgramProcess serve = ProgramProcess.Start("serve", "--urls", "http://127.0.0.1:0", "--data", folder))
        {
            string? status = null;
            for (int i = 0; i < 600 && status != "failed"; i++)
            {
                await Task.Delay(200, Ct);
                status = await hand.FirstOrDefaultAsync<string>("select status from runs", null, Ct);
            }

            status.Should().Be("failed", serve.Error);
        }

        (await hand.FirstOrDefaultAsync<int>("select count(*) from deployments", null, Ct)).Should().Be(0);
        (await hand.FirstOrDefaultAsync<int>("select count(*) from audit where action = 'deployment.published'", null, Ct)).Should().Be(0);
        using ProgramProcess show = ProgramProcess.Start("runs", "show", "--output", "json", "--data", folder);
        await show.EndAsync(Patience, Ct);
        show.Out.Should().Contain("DEP-1004");
        using ProgramProcess verify = ProgramProcess.Start("audit", "verify", "--data", folder);
        (await verify.EndAsync(Patience, Ct)).Should().Be(1);
        verify.Error.Should().Contain("STO-4013");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
