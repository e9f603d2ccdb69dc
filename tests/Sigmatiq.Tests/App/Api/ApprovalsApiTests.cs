using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Audit;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Tests.App.Pages;
using Sigmatiq.Tests.Trading;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.Tests.App.Api;

/// <summary>Requests for votes over HTTP, with the evidence that they bind.</summary>
public sealed class ApprovalsApiTests
{
    private ApprovalService approvals = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_shown_with_its_digest_and_the_files_that_it_binds()
    {
        await using RunningServer running = await RunningServer.StartAsync(Ct, Routes);
        ParquetFile.Write(Path.Combine(running.Data.Root, "equity.parquet"), new(Column.Of("date", [new DateOnly(2024, 8, 8), new DateOnly(2024, 8, 9)]), Column.Of("equity", [1.0, double.NaN])), Ct);
        await File.WriteAllTextAsync(Path.Combine(running.Data.Root, "evidence.json"), """{"trades":1}""", Ct);
        await File.WriteAllTextAsync(Path.Combine(running.Data.Root, "secret.json"), """{"password":1}""", Ct);
        Approval asked = await approvals.AskAsync(Some.Approval(SampleStatus.Now, [.. new[] { "evidence.json", "equity.parquet" }
            .Select(f => new EvidenceFile(f, ContentHash.OfFile(Path.Combine(running.Data.Root, f)).Hex))]) with { Parties = [new("trainer", "rita")] }, Ct);
        using HttpClient browser = await running.SignedInAsync(Ct);

        JsonNode listed = (await browser.GetFromJsonAsync<JsonArray>("/api/approvals", Ct))!.Single()!, shown = (await browser.GetFromJsonAsync<JsonNode>($"/api/approvals/{asked.Id}", Ct))!;
        listed.ToJsonString().Should().Be(shown.ToJsonString());
        (shown["id"]!.GetValue<string>(), shown["state"]!["digest"]!.GetValue<string>(), shown["quorum"]!.GetValue<int>()).Should().Be((asked.Id, asked.Digest, 1));
        shown["parties"]!.AsArray().Select(p => p!["id"]!.GetValue<string>()).Should().Contain("rita");
        shown["subject"]!["evidence"]!.AsArray().Should().HaveCount(2);

        JsonNode equity = (await browser.GetFromJsonAsync<JsonNode>($"/api/approvals/{asked.Id}/equity", Ct))!;
        equity["columns"]!.ToJsonString().Should().Be("""{"date":["2024-08-08","2024-08-09"],"equity":[1,null]}""");
        (await browser.GetStringAsync($"/api/approvals/{asked.Id}/evidence/evidence.json", Ct)).Should().Be("""{"trades":1}""");
        foreach (string hidden in new[] { "secret.json", "..%2fsecret.json", "equity.parquet", "nothing" })
        {
            using HttpResponseMessage none = await browser.GetAsync($"/api/approvals/{asked.Id}/evidence/{hidden}", Ct);
            none.StatusCode.Should().Be(HttpStatusCode.NotFound, hidden);
            (await none.Content.ReadAsStringAsync(Ct)).Should().Contain("APP-2029").And.NotContain("password");
        }

        using HttpResponseMessage unknown = await browser.GetAsync("/api/approvals/nothing", Ct);
        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private Action<Microsoft.AspNetCore.Routing.IEndpointRouteBuilder> Routes(RunningServer running)
    {
        approvals = new(running.Rows, running.Data, new AuditChain(running.Clock), running.Clock, People.FindVoterAsync, (_, _, _) => Task.CompletedTask);
        return new ApprovalsApi(approvals, running.Data).Map;
    }
}
