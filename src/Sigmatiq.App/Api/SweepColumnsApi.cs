using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Sigmatiq.App.Auth;
using Sigmatiq.Backtest.Leaderboard;
using Sigmatiq.Backtest.Sweeps;
using Sigmatiq.Backtest.Trials;
using Sigmatiq.Market.Bars;
using Sigmatiq.Packs;
using Sigmatiq.Packs.Gates;
using Sigmatiq.Packs.Models;
using Sigmatiq.Store.Columns;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>What a sweep gave, or gives so far, by column: its leaderboard, trades and account of a combo, and the bars it chose on.</summary>
internal sealed class SweepColumnsApi(Platform platform, LeaderboardColumns boards)
{
    private const int SparklinesMax = 200;

    private readonly SweepStore sweeps = platform.Sweeps.Store;
    private readonly LeaderboardSoFar soFar = new(platform.Data, (id, ct) => platform.SweepWorks.PlanOfAsync(id, platform.Sweeps.Store, ct));

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sweeps/{id}/leaderboard", LeaderboardAsync)
            .Operation("getLeaderboard", "sweeps", "The leaderboard as columns, best first: parameters, gate and every figure of every combo",
                "Returns, rates and drawdowns are fractions; parameters in _pct are percent, and null where they are switched off. size_group is the best combo that differs in size alone, near_duplicate_of a better one "
                + "that trades nearly the same. about.trials counts what the deflated Sharpe ratios are deflated by, where one is asked for. Of a sweep under way the best combos of its finished pieces come, with fewer columns; about.status says so.")
            .Tagged()
            .TakesNumber("limit", "Combos down to this rank; without it all.", 1, ListLimit.Most).Needs(Right.Read);
        routes.MapGet("/sweeps/{id}/sparklines", SparklinesAsync)
            .Operation("getSparklines", "sweeps", "The accounts of some combos, drawn small: a row a combo, a column a point",
                "p0 to p31 are the account at even distances, 1 before the first day. A combo that is not there has no row.")
            .Takes("combos", "Ids of up to 200 combos, separated by commas.").Needs(Right.Read);
        routes.MapGet("/sweeps/{id}/combos/{combo:int}/trades", (string id, int combo, CancellationToken ct) =>
                OfComboAsync(id, combo, () => SweepColumns.Trades(platform.Data, id, combo, ct), ct))
            .Operation("getComboTrades", "sweeps", "The trades of a combo as columns, by entry",
                "Prices and profit are in the currency of the instrument, return, mae and mfe fractions. about.pruned says that the trades were not kept, since another combo beats it.").Needs(Right.Read);
        routes.MapGet("/sweeps/{id}/combos/{combo:int}/equity", (string id, int combo, CancellationToken ct) =>
                OfComboAsync(id, combo, () => SweepColumns.Equity(platform.Data, id, combo, ct), ct))
            .Operation("getComboEquity", "sweeps", "The account of a combo by trading day as columns", "return and drawdown are fractions, equity is 1 before the first day.").Needs(Right.Read);
        routes.MapGet("/sweeps/{id}/bars", BarsAsync)
            .Operation("getSweepBars", "sweeps", "The bars that a sweep chose on, as columns", "Of the snapshot it was made from, at the prices it was made with, and of the selection window alone: the hold-out stays unseen.").Needs(Right.Read);
    }

    private async Task<Results<ColumnsAnswer, Unchanged>> LeaderboardAsync(HttpContext context, string id, ListLimit limit, CancellationToken ct)
    {
        SweepRecord record = await platform.Sweeps.SeenAsync(await sweeps.FindAsync(id, ct), ct);
        return record.Status is "queued" or "running" or SweepJobs.Stopped
            ? await SoFarAsync(record, limit, ct)
            : await StoredAsync(context, id, limit, ct);
    }

    private async Task<Results<ColumnsAnswer, Unchanged>> StoredAsync(HttpContext context, string id, ListLimit limit, CancellationToken ct)
    {
        StoredSweep top = await sweeps.LoadTopAsync(id, 1, ct);
        LeaderboardFacts facts = await boards.FactsAsync(top, ct);
        // What is named wrongly is refused by the answer, which lists all there are.
        IReadOnlyList<string>? asked = ColumnsAnswer.Names(context.Request);
        bool isWithout = asked is not null && ColumnsAnswer.IsWithout(asked), isRefused = asked is not null && (isWithout ? facts.Names.All(n => asked.Contains("-" + n)) : asked is [] || asked.Except(facts.Names).Any());
        bool IsWanted(string name) => asked is null || isRefused || (isWithout ? !asked.Contains("-" + name) : asked.Contains(name));
        Deflation? deflation = LeaderboardColumns.NeedsDeflation(IsWanted) ? await platform.Trials.DeflationAsync(top, ct) : null;
        ModelConfig model = await platform.Models.LoadOnAsync(top.UserId, top.ModelId, top.Pack, ct);
        JsonObject about = top.ToJson();
        about.Remove("leaderboard");
        (about["evaluated"], about["passed_gates"], about["marginal_gates"], about["failed_gates"]) = (facts.Counts.Evaluated, facts.Counts.Passed, facts.Counts.Marginal, facts.Counts.Failed);
        about["different"] = facts.Counts.Different;
        about["ticker"] = model.Instrument.Ticker;
        about["parameters"] = Names(top.Leaderboard.Rows.Take(1).SelectMany(r => r.Config.Select(c => c.Key)));
        about["trials"] = deflation?.ToJson();
        about["skill_words"] = ConfidenceSkills.Sentence(top);
        IReadOnlySet<int>? selected = LeaderboardColumns.NeedsTicks(IsWanted) ? await sweeps.SelectedAsync(id, ct) : null;
        AnswerTag tag = AnswerTag.Of(context.Request, [boards.ContentOf(top), about.ToJsonString(), string.Join(',', selected?.Order() ?? Enumerable.Empty<int>())]);
        if (!isRefused && tag.IsKnown(context.Request))
        {
            return new Unchanged(tag);
        }

        ColumnSet columns = await boards.ReadAsync(top, deflation, selected, IsWanted, limit.Given, ct);
        if (ColumnsAnswer.IsFile(context.Request))
        {
            await sweeps.NoteExportAsync(top, context.Caller().Person.Id, ct);
        }

        return new ColumnsAnswer(platform.Data, columns, about, tag);
    }

    private async Task<ColumnsAnswer> SoFarAsync(SweepRecord record, ListLimit limit, CancellationToken ct)
    {
        var (columns, counts, chunks, parameters) = await soFar.ReadAsync(record.SweepId, limit.Or(LeaderboardSoFar.RanksMax), ct);
        JsonObject about = record.ToJson();
        (about["passed_gates"], about["marginal_gates"], about["failed_gates"], about["different"]) = (counts.Passed, counts.Marginal, counts.Failed, counts.Different);
        about["pieces"] = chunks;
        about["parameters"] = Names(parameters);
        return new(platform.Data, columns, about);
    }

    // The sweep and its combo are looked up first: a name that is no sweep's never becomes part of a path.
    private async Task<ColumnsAnswer> OfComboAsync(string id, int combo, Func<ColumnSet> read, CancellationToken ct)
    {
        StoredSweep stored = await sweeps.LoadComboAsync(id, combo, ct);
        StoredCombo found = stored.Combo(combo);
        JsonObject about = About(stored);
        about["combo_id"] = combo;
        about["config_hash"] = found.Row.ConfigHash;
        about["pruned"] = found.TradesSample is null;
        return new(platform.Data, read(), about);
    }

    private async Task<ColumnsAnswer> SparklinesAsync(string id, string? combos, CancellationToken ct)
    {
        string[] parts = (combos ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] ids = [.. parts.Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int combo) ? combo : 0).Distinct()];
        if (ids.Length is 0 or > SparklinesMax || ids.Contains(0))
        {
            throw new ProblemException("APP-2014", $"'{combos}' does not name combos.", "combos", $"Name 1 to {SparklinesMax} of them, e.g. combos=1,5,9.", ExitCode.BadUsage);
        }

        StoredSweep top = await sweeps.LoadTopAsync(id, 1, ct);
        return new(platform.Data, SweepColumns.Sparklines(platform.Data, id, ids, ct), About(top));
    }

    private async Task<ColumnsAnswer> BarsAsync(string id, CancellationToken ct)
    {
        StoredSweep stored = await sweeps.LoadTopAsync(id, 1, ct);
        Pack pack = platform.Packs.Load(stored.Pack);
        BarColumns all = platform.Bars.Read(ContentHash.Parse(stored.DataSnapshotId), ct);
        bool isAdjusted = pack.Policies.Engine.Prices == PriceKind.Adjusted;
        all = isAdjusted && all.AdjFactor.Length > 0 ? all.Adjusted() : all;
        int first = Array.BinarySearch(all.StartUtcUs, stored.Span.FirstUtcUs), last = Array.BinarySearch(all.StartUtcUs, stored.Span.LastUtcUs);
        BarColumns slice = all.Slice(first < 0 ? ~first : first, last < 0 ? ~last : last + 1);
        JsonObject about = About(stored);
        about["symbol"] = slice.Symbol.Value;
        about["interval"] = slice.Interval.Text();
        about["adjusted"] = isAdjusted;
        about["selection_window"] = stored.Window["selection"]!.DeepClone();
        return new(platform.Data, new(
            Column.OfTimestamps("start", slice.StartUtcUs), Column.Of("open", slice.Open), Column.Of("high", slice.High), Column.Of("low", slice.Low), Column.Of("close", slice.Close)), about);
    }

    private static JsonArray Names(IEnumerable<string> keys) => new([.. keys.Select(k => (JsonNode?)k)]);

    private static JsonObject About(StoredSweep sweep) => new()
    {
        ["sweep_id"] = sweep.SweepId, ["model_id"] = sweep.ModelId, ["status"] = sweep.Status, ["pack"] = sweep.Pack, ["data_snapshot_id"] = sweep.DataSnapshotId,
        ["synthetic"] = sweep.IsSynthetic, ["leaderboard_hash"] = sweep.LeaderboardHash, ["score_source"] = sweep.ScoreSource,
    };
}
