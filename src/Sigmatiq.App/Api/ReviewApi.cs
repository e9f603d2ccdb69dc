using System.Security.Claims;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs;
using Sigmatiq.Store;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Trading.Approvals;
using Sigmatiq.Trading.Deployments;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.App.Api;

/// <summary><c>/approvals/inbox</c> and <c>/approvals/{id}/review</c>: what the review page shows. Votes are cast at <c>/production/approve</c>.</summary>
/// <param name="approvals">The requests.</param>
/// <param name="deployments">What votes started; null where nothing is deployed.</param>
/// <param name="bars">The bars of snapshots.</param>
/// <param name="packs">The packs, whose names make words of rules.</param>
/// <param name="workflowOf">The workflow that a run was made of.</param>
/// <param name="data">Where the evidence lies.</param>
/// <param name="trials">Says what was tried since a request; null where there is no ledger.</param>
internal sealed class ReviewApi(
    ApprovalService approvals, DeploymentService? deployments, BarStore bars, PackLibrary packs, Func<string, CancellationToken, Task<WorkflowDefinition>> workflowOf, DataDirectory data,
    TrialsSinceReader? trials = null)
{
    private const int ListedMax = 200;
    private static readonly string[] Windows = ["holdout", "selection"];
    private readonly ReviewReader reader = new(data, approvals, deployments, trials);
    private readonly EvidenceFiles files = new(data);
    private readonly DecisionReader decisions = new(data, packs);
    private readonly ContentTexts texts = new(data, packs, workflowOf);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/approvals/inbox", async (ClaimsPrincipal who, CancellationToken ct) => new Answer<IReadOnlyList<ReviewListed>>(await reader.ListAsync(IdOf(who), ListedMax, ct)))
            .Operation("listReviews", "approvals", "Requests for votes as whoever asks sees them", "What waits first, by expiry; then what was decided, newest first. Each says whether whoever asks may vote on it.").Needs(Right.Read);
        routes.MapGet("/approvals/{id}/review", async (string id, ClaimsPrincipal who, CancellationToken ct) => new Answer<ReviewShown>(await reader.ReadAsync(id, IdOf(who), ct)))
            .Operation("getReview", "approvals", "All that a person reads before a vote, out of the stored evidence").Needs(Right.Read);
        routes.MapGet("/approvals/{id}/review/texts", TextsAsync)
            .Operation("getReviewTexts", "approvals", "Model, pack and workflow of a request as texts, beside those of the version that was approved last").Needs(Right.Read);
        Windowed(routes.MapGet("/approvals/{id}/review/equity", EquityAsync)
            .Operation("getReviewEquity", "approvals", "The account on a window beside buy and hold, as columns of returns since its start",
                "Columns: start, date, strategy, hold (the whole account in the instrument), same_exposure (as much of it as the strategy had invested on average), and the drawdown of each."));
        Windowed(routes.MapGet("/approvals/{id}/review/trades", TradesAsync).Operation("getReviewTrades", "approvals", "The trades of a window, as columns: the evidence's own file"));
        Windowed(routes.MapGet("/approvals/{id}/review/decisions", DecisionsAsync)
            .Operation("getReviewDecisions", "approvals", "What was known when each trade of a window was decided and when it ended, as columns: the evidence's own file",
                "A value a row: trade_id, moment (entry, exit), bar_ts, kind (bar, score, gate, line, part, side, input, feature, position, level), line, part, name, is_flag, value. Evidence of before such values were kept has no such file."));
        Windowed(routes.MapGet("/approvals/{id}/review/trades/{trade:int}", async (string id, int trade, string? window, CancellationToken ct) =>
                new Answer<TradeKnown>(decisions.Read(await approvals.GetAsync(id, ct), WindowOf(window), FileOf(window, ""), trade, ct)))
            .Operation("getReviewTrade", "approvals", "What was known when one trade was decided and when it ended: bars, rules with their values, features, score, levels"));
        Windowed(routes.MapGet("/approvals/{id}/review/bars", BarsAsync)
            .Operation("getReviewBars", "approvals", "The bars of a window as columns, of the snapshot that the evidence was made from and at the prices it was made with"));
    }

    private static RouteHandlerBuilder Windowed(RouteHandlerBuilder route) => route.Takes("window", "Which window; without it the hold-out.", Windows).Needs(Right.Read);

    private static string IdOf(ClaimsPrincipal who) => who.FindFirstValue(ClaimTypes.NameIdentifier)!;

    // The hold-out's files carry no name before theirs; a window that does not exist has none.
    private static string FileOf(string? window, string file) => window is null or "holdout" ? file : $"{window}_{file}";

    private async Task<Answer<ReviewTexts>> TextsAsync(string id, CancellationToken ct)
    {
        Approval approval = await approvals.GetAsync(id, ct);
        return new(await reader.ApprovedBeforeAsync(approval, ct) is { } last ? new(last.Id, await texts.CompareAsync(last, approval, ct)) : new ReviewTexts(null, []));
    }

    private async Task<ColumnsAnswer> EquityAsync(string id, string? window, CancellationToken ct)
    {
        Approval approval = await approvals.GetAsync(id, ct);
        ColumnSet equity = Read(approval, window, "equity.parquet", ct);
        SameExposure same = SameExposure.Of(equity, Read(approval, window, "trades.parquet", ct));
        double[] account = equity["equity"].Doubles, held = equity["buy_and_hold"].Doubles;
        JsonObject about = About(approval, window);
        about["invested_share"] = same.Share;
        return new(data, new(
            Column.OfTimestamps("start", equity["ts"].TimestampsUtcUs), Column.Of("date", equity["date"].Dates), Column.Of("strategy", Returns(account)), Column.Of("hold", Returns(held)),
            Column.Of("same_exposure", Returns(same.Account)), Column.Of("strategy_drawdown", equity["drawdown"].Doubles), Column.Of("hold_drawdown", equity["buy_and_hold_drawdown"].Doubles),
            Column.Of("same_exposure_drawdown", ResultColumns.Drawdown(same.Account))), about);
    }

    private async Task<ColumnsAnswer> TradesAsync(string id, string? window, CancellationToken ct)
    {
        Approval approval = await approvals.GetAsync(id, ct);
        return new(data, Read(approval, window, "trades.parquet", ct), About(approval, window));
    }

    private async Task<ColumnsAnswer> DecisionsAsync(string id, string? window, CancellationToken ct)
    {
        Approval approval = await approvals.GetAsync(id, ct);
        return new(data, Read(approval, window, DecisionColumns.File, ct), About(approval, window));
    }

    private async Task<ColumnsAnswer> BarsAsync(string id, string? window, CancellationToken ct)
    {
        Approval approval = await approvals.GetAsync(id, ct);
        long[] at = Read(approval, window, "equity.parquet", ct)["ts"].TimestampsUtcUs;
        BarColumns all = bars.Read(ContentHash.Parse(approval.Subject.DataSnapshotId), ct);
        string? prices = JsonReading.Field(JsonReading.Field(files.Json(approval, f => f == "evidence.json"), "config"), "engine").Text("prices");
        all = prices == "adjusted" && all.AdjFactor.Length > 0 ? all.Adjusted() : all;
        int first = Array.BinarySearch(all.StartUtcUs, at[0]), last = Array.BinarySearch(all.StartUtcUs, at[^1]);
        BarColumns slice = all.Slice(first < 0 ? ~first : first, last < 0 ? ~last : last + 1);
        JsonObject about = About(approval, window);
        about["symbol"] = slice.Symbol.Value;
        about["interval"] = slice.Interval.Text();
        about["prices"] = prices;
        return new(data, new(
            Column.OfTimestamps("start", slice.StartUtcUs), Column.Of("open", slice.Open), Column.Of("high", slice.High), Column.Of("low", slice.Low), Column.Of("close", slice.Close)), about);
    }

    private ColumnSet Read(Approval approval, string? window, string file, CancellationToken ct) => ParquetFile.Read(files.Find(approval, FileOf(window, file)), null, ct);

    private static JsonObject About(Approval approval, string? window) => new() { ["approval"] = approval.Id, ["bundle_hash"] = approval.Subject.BundleHash, ["window"] = WindowOf(window) };

    private static string WindowOf(string? window) => window ?? "holdout";

    private static double[] Returns(double[] account) => [.. account.Select(a => (a / account[0]) - 1)];
}
