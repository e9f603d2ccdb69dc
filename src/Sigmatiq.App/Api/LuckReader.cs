using System.Globalization;
using System.Text.Json.Nodes;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.Backtest.Evidence;
using Sigmatiq.Learning.Trained;
using Sigmatiq.Store.Columns;
using Sigmatiq.Trading.Approvals;

namespace Sigmatiq.App.Api;

/// <summary>What speaks for luck and overfitting in a piece of evidence, in words for whoever is no statistician. The figures are the stored ones.</summary>
internal static class LuckReader
{
    private const string Ok = "ok", Caution = "caution", NotComputed = "not_computed";
    private const string Unsaid = "Deflated Sharpe cannot be said. ";
    private const double RetentionWanted = 0.90;

    // What a card says in better words; whatever else was written with the request is shown as it is.
    private static readonly string[] Told = ["Deflated Sharpe ", "Probability of overfitting ", "The probability of overfitting ", "On the hold-out the trained classifier shows no skill.", "Chosen from "];

    /// <summary>The cards, in the order of the page.</summary>
    /// <param name="approval">The request.</param>
    /// <param name="evidence">Its <c>evidence.json</c>; null where it cannot be read.</param>
    /// <param name="trades">Trades of the hold-out; null where they cannot be read.</param>
    /// <param name="since">What was tried since it was asked; null where nothing was.</param>
    public static IReadOnlyList<LuckShown> Cards(Approval approval, JsonNode? evidence, ColumnSet? trades, TrialsSince? since)
    {
        JsonObject metrics = approval.Metrics, note = approval.Subject.SelectionNote;
        List<LuckShown> cards = [Deflated(metrics, note, since), Overfit(JsonReading.Field(evidence, "overfit")), Retention(metrics), Concentration(trades)];
        if (JsonReading.Field(metrics, "holdout_skill") is { } skill)
        {
            cards.Add(Ranking(skill));
        }

        cards.Add(Looks(note));
        return cards;
    }

    /// <summary>The cautions of the request that no card tells.</summary>
    public static IReadOnlyList<string> Further(JsonObject metrics) =>
    [
        .. metrics.List("cautions").Select(c => c?.ToString() ?? "").Where(c => c.Length > 0 && !Told.Any(t => c.StartsWith(t, StringComparison.Ordinal)) && !IsOfLooks(c)),
    ];

    private static bool IsOfLooks(string caution) => caution.Contains(" trained models have been judged on this hold-out", StringComparison.Ordinal);

    private static LuckShown Deflated(JsonObject metrics, JsonObject note, TrialsSince? since)
    {
        const string id = "deflated_sharpe", title = "Deflated Sharpe";
        string wanted = $"of {VoteOne.DeflatedSharpeMin.ToString("0.00", CultureInfo.InvariantCulture)} wanted";
        string tried = note.Number("trials") is { } trials
            ? Text($"{trials:N0} different combos were tried on this idea{(note.Number("trials_raw") is { } raw ? Text($" ({raw:N0} rows)") : "")}.") : "How many combos were tried on this idea is not known.";
        string? why = metrics.List("cautions").Select(c => c?.ToString()).FirstOrDefault(c => c?.StartsWith(Unsaid, StringComparison.Ordinal) == true)?[Unsaid.Length..];
        return metrics.Number(id) is not { } value
            ? new(id, title, NotComputed, "probability", null, wanted, $"It cannot be said, so luck is not ruled out. {why ?? tried}")
            : new(id, title, value >= VoteOne.DeflatedSharpeMin && (since is null || since.Deflated >= VoteOne.DeflatedSharpeMin) ? Ok : Caution, "probability", value, wanted,
                $"{tried} We are {Whole(value)} sure that the Sharpe of the selection window beats the best one that pure luck would have produced.{Since(since)}");
    }

    private static string Since(TrialsSince? since) => since is null ? ""
        : Text($" Since this was asked {since.Combos:N0} more {(since.Combos == 1 ? "was" : "were")} tried: by now we would be {(since.Deflated is { } now ? Whole(now) : "unable to say how")} sure.");

    private static LuckShown Overfit(JsonNode? overfit)
    {
        const string id = "pbo", title = "Overfitting, PBO";
        string wanted = Text($"at most {100 * VoteOne.OverfitMax:0}% wanted");
        if (overfit.Number("pbo") is not { } value)
        {
            return new(id, title, NotComputed, "whole_share", null, wanted, overfit.Text("reason") ?? "It was not computed, so overfitting is not ruled out.");
        }

        string flagged = overfit.Truth("block_shorter_than_hold") == true ? " Positions outlast the blocks that history is cut into, so it may read too low." : "";
        return new(id, title, value <= VoteOne.OverfitMax ? Ok : Caution, "whole_share", value, wanted,
            Text($"In {overfit.Number("overfit_splits"):N0} of {overfit.Number("splits"):N0} ways to split history, the best combo of one half fell into the lower half of {overfit.Number("combos"):N0} on the other. Pure noise stays under 50% in about half of all sweeps.{flagged}"));
    }

    private static LuckShown Retention(JsonObject metrics)
    {
        const string id = "retention", title = "Retention";
        string wanted = Text($"of {RetentionWanted:0.00} wanted");
        double? chosen = metrics.Number("selection_sharpe"), held = metrics.Number("sharpe"), low = metrics.Number("sharpe_low"), high = metrics.Number("sharpe_high");
        if (held is not { } after || chosen is not > 0)
        {
            return new(id, title, NotComputed, "ratio", null, wanted, "There is no Sharpe above 0 to compare with, so how much of it is left cannot be said.");
        }

        string doubt = low is not { } from || high is not { } to ? "It has no interval."
            : from <= 0 && to >= 0 ? Text($"With {metrics.Number("trades"):0} trades this cannot be told apart from no edge.")
            : from > 0 ? "Its whole interval is above 0." : "Its whole interval is below 0.";
        double kept = after / chosen.Value;
        bool holds = TrainedModelReview.Suggest(kept) == "publish" && low > 0;
        return new(id, title, holds ? Ok : Caution, "ratio", kept, wanted, Text($"Sharpe {Signed(chosen.Value)} when selected, {Signed(after)} on the hold-out. {doubt}"));
    }

    private static LuckShown Concentration(ColumnSet? trades)
    {
        const string id = "concentration", title = "Concentration", wanted = "left without the best tenth";
        double[] profit = trades?.Find("profit") is { Type: ColumnType.Double } column ? [.. column.Doubles.Where(double.IsFinite).OrderDescending()] : [];
        if (profit.Length == 0 || profit.Sum() <= 0)
        {
            return new(id, title, NotComputed, "whole_share", null, wanted, trades is null ? "The trades cannot be read." : profit.Length == 0 ? "The hold-out has no trades." : "The trades of the hold-out made no profit that could be concentrated.");
        }

        int best = Math.Max(1, (int)Math.Ceiling(profit.Length / 10.0));
        double left = profit.Skip(best).Sum() / profit.Sum();
        string those = best == 1 ? "its best trade" : Text($"its best {best} trades");
        return new(id, title, left > 0.5 ? Ok : Caution, "whole_share", left, wanted,
            left <= 0 ? Text($"Without {those} of {profit.Length} the hold-out made nothing.") : Text($"Without {those} of {profit.Length}, {Whole(left)} of the profit on the hold-out is left."));
    }

    private static LuckShown Ranking(JsonNode skill)
    {
        double? auc = skill.Number("auc"), low = skill.Number("auc_low"), high = skill.Number("auc_high");
        bool ranks = low > 0.5;
        return new("ranking", "Classifier, hold-out", auc is null ? NotComputed : ranks ? Ok : Caution, "probability", auc, "where 0.50 is chance",
            auc is null ? "How well its score ranks outcomes was not computed."
            : Text($"Its score ranks {skill.Number("rows"):N0} bars, worth {skill.Number("effective_rows"):N0} independent ones. The interval {low:0.00} to {high:0.00} {(ranks ? "lies above 0.50, so it knows something." : "holds 0.50, so the threshold may rank noise.")}"));
    }

    private static LuckShown Looks(JsonObject note)
    {
        double? look = note.Number("holdout_look"), looks = note.Number("holdout_looks");
        return new("looks", "Looks at this hold-out", looks is null ? NotComputed : looks > 1 ? Caution : Ok, "count", looks, "where 1 is untouched",
            looks is null ? "How often this hold-out was looked at is not known."
            : looks > 1 ? Text($"This is look {look:0} of {looks:0}. Each trained model that is judged on it makes it a little less untouched.") : "No other trained model has been judged on it.");
    }

    // A share that rounds to all of it is not all of it.
    private static string Whole(double share) => share is < 1 and > 0.995 ? "over 99%" : Text($"{100 * share:0}%");

    private static string Signed(double value) => value.ToString("0.00;−0.00;0.00", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
