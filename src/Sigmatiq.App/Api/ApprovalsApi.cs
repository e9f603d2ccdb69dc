using System.Text.Json;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Workflows.Steps;

namespace Sigmatiq.App.Api;

/// <summary><c>/approvals</c>: requests for votes with the evidence that they bind, as <c>sigmatiq approvals list / show</c> do. Votes are cast at
/// <c>/production/approve</c>.</summary>
internal sealed class ApprovalsApi(ApprovalService approvals, DataDirectory data)
{
    private const string Account = "equity.parquet";
    private readonly EvidenceFiles files = new(data);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/approvals", ListAsync).Operation("listApprovals", "approvals", "Requests for votes, newest first").TakesLimit(ListLimit.Most).TakesCursor().Needs(Right.Read);
        routes.MapGet("/approvals/{id}", async (string id, CancellationToken ct) => new Answer<ApprovalRequest>(Json(await approvals.GetAsync(id, ct))))
            .Operation("getApprovalRequest", "approvals", "A request for a vote with all that a vote is bound to").Needs(Right.Read);
        routes.MapGet("/approvals/{id}/equity", EquityAsync)
            .Operation("getEvidenceEquity", "approvals", "The account on the hold-out, beside buy-and-hold, as columns: the evidence's own file").Needs(Right.Read);
        routes.MapGet("/approvals/{id}/evidence/{file}", EvidenceAsync)
            .Operation("getEvidenceFile", "approvals", "A file of the evidence that is JSON: figures, gates or trades, as stored").Takes("file", "Its name, e.g. evidence.json.").Needs(Right.Read);
    }

    private async Task<Answer<IReadOnlyList<ApprovalRequest>>> ListAsync(HttpContext context, ListLimit limit, PageCursor cursor, CancellationToken ct)
    {
        int most = limit.Or(ListLimit.Most);
        return new(PageCursor.Tell(context, await approvals.ListAsync(cursor.After, most, ct), most, a => a.Id).Select(Json).ToArray());
    }

    // The keys are those of the commands and of the status file.
    private static JsonObject Json(Approval approval)
    {
        JsonObject all = JsonSerializer.SerializeToNode(approval, ApprovalJson.Options)!.AsObject();
        return new()
        {
            ["id"] = approval.Id, ["run_id"] = approval.RunId, ["state"] = ApprovalStateFile.Json(approval), ["subject"] = all["subject"]!.DeepClone(), ["requested_by"] = approval.RequestedBy,
            ["four_eyes"] = StepJson.NameOf(approval.FourEyes.ToString()), ["quorum"] = approval.Quorum, ["expires_utc"] = approval.Subject.ExpiresUtc, ["decided_utc"] = approval.DecidedUtc,
            ["parties"] = all["parties"]!.DeepClone(), ["votes"] = all["votes"]!.DeepClone(), ["delegations"] = all["delegations"]!.DeepClone(),
        };
    }

    private async Task<ColumnsAnswer> EquityAsync(string id, CancellationToken ct)
    {
        Approval approval = await approvals.GetAsync(id, ct);
        ColumnSet columns = ParquetFile.Read(files.Find(approval, Account), null, ct);
        return new(data, columns, new JsonObject { ["approval"] = approval.Id, ["bundle_hash"] = approval.Subject.BundleHash, ["data_range"] = approval.Subject.DataRange });
    }

    private async Task<Answer<JsonNode>> EvidenceAsync(string id, string file, CancellationToken ct)
    {
        Approval approval = await approvals.GetAsync(id, ct);
        return new(JsonReading.File(files.Find(approval, file)) ?? throw EvidenceFiles.Missing(approval, file));
    }
}
