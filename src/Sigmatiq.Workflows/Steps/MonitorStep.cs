using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Trading.Drift;

namespace Sigmatiq.Workflows.Steps;

/// <summary>Which deployment to look at.</summary>
/// <param name="Deployment">Its id.</param>
public sealed record MonitorInput(string Deployment);

/// <summary>What the guardrails read.</summary>
/// <param name="PaperTrades">Closed paper trades so far.</param>
/// <param name="Tripped">Guardrails that tripped on them.</param>
/// <param name="HoldOutTrades">Trades of the hold-out that the vote was shown, read for orientation: they pause nothing.</param>
/// <param name="HoldOutTripped">Guardrails that would have tripped on them.</param>
public sealed record MonitorOutput(int PaperTrades, int Tripped, int HoldOutTrades, int HoldOutTripped);

/// <summary>Stage 7: one evaluation of the guardrails on the deployment's paper trades, and for orientation on the hold-out's.</summary>
public sealed class MonitorStep(DeploymentService deployments, ApprovalService approvals, DataDirectory data) : StepKind<MonitorInput, MonitorOutput>
{
    /// <summary>The limits that a vote is asked for and that are watched.</summary>
    internal static GuardrailPolicy Policy { get; } = new();

    /// <inheritdoc/>
    public override string Name => "trading.monitor";

    /// <inheritdoc/>
    public override string Summary => "Read the guardrails of a deployment once";

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, MonitorInput input, CancellationToken ct)
    {
        Deployment deployment = await deployments.GetAsync(input.Deployment, ct);
        Approval approval = await approvals.GetAsync(deployment.ApprovalId, ct);

        // The paper session begins at the next open, so the first reading finds no trade yet.
        ClosedTrade[] paper = [];
        (ClosedTrade[] held, double startingEquity) = HoldOut(approval, ct);
        IReadOnlyList<GuardrailReading> onPaper = Guardrails.Read(paper, startingEquity, Policy), onHoldOut = Guardrails.Read(held, startingEquity, Policy);
        await deployments.RecordReadingAsync(
            deployment.Id, context.AsOfUtc,
            new JsonObject
            {
                ["readings"] = new JsonArray([.. onPaper.Select(r => (JsonNode?)StepJson.ToObject(r))]),
                ["hold_out_readings"] = new JsonArray([.. onHoldOut.Select(r => (JsonNode?)StepJson.ToObject(r))]),
            },
            ct);
        foreach (GuardrailReading reading in onPaper)
        {
            context.Log($"{reading.Guardrail}: {(reading.Value is { } value ? $"{value} of {reading.Limit}" : "no paper trade yet")}{(reading.Tripped ? ", TRIPPED" : "")}");
        }

        return Done(new MonitorOutput(paper.Length, onPaper.Count(r => r.Tripped), held.Length, onHoldOut.Count(r => r.Tripped)));
    }

    private (ClosedTrade[] Trades, double StartingEquity) HoldOut(Approval approval, CancellationToken ct)
    {
        EvidenceFile table = approval.Subject.Evidence.First(f => f.Path.EndsWith("/trades.parquet", StringComparison.Ordinal));
        ColumnSet trades = ParquetFile.Read(Path.Combine(data.Root, table.Path), ["exit_ts", "return", "cash_before", "cash_after_exit"], ct);
        return (
        [
            .. Enumerable.Range(0, trades.Rows).Select(i => new ClosedTrade(
                DateTimeOffset.UnixEpoch.AddTicks(10 * trades["exit_ts"].TimestampsUtcUs[i]), trades["return"].Doubles[i], trades["cash_after_exit"].Doubles[i])),
        ], trades.Rows == 0 ? 1 : trades["cash_before"].Doubles[0]);
    }
}
