using Sigmatiq.Backtest.Overfitting;

namespace Sigmatiq.App.Pages;

/// <summary>The sweep's combos by rank, with the reasons of every verdict.</summary>
internal static class LeaderboardCard
{
    private const int ShownAtOnce = 10;

    public static Html Render(SweepView? sweep)
    {
        if (sweep is null)
        {
            return Html.Of($"<section class=\"card\" data-part=\"leaderboard\"><div class=\"ch\"><h2>Leaderboard</h2></div><p class=\"empty\">Stage 2, train, fills it.</p></section>");
        }

        // What was trained is shown wherever it ranks.
        ILookup<bool, ComboView> rows = sweep.Rows.ToLookup(r => r.Rank <= ShownAtOnce || r.IsSelected);
        int hidden = rows[false].Count();
        Html rest = hidden == 0 ? Html.Empty : Html.Of(
            $"""
            <details><summary>{hidden} more combos</summary>{Table(rows[false], isContinued: true)}</details>
            """);
        return Html.Of(
            $"""
            <section class="card" data-part="leaderboard">
            <div class="ch"><h2>Leaderboard</h2><span class="s long">{sweep.Evaluated} combos, {sweep.Window}</span>
            <span class="marks">{Marks.Badge(Mark.Ok, $"{sweep.Passed} pass")}{Marks.Badge(Mark.Caution, $"{sweep.Marginal} marginal")}{Marks.Badge(Mark.Bad, $"{sweep.Failed} fail")}</span></div>
            {(sweep.Passed + sweep.Marginal > 0 ? Html.Empty : Html.Of($"<p class=\"row bad\">{Marks.Glyph(Mark.Bad)}<span><b>No combo passes its gates.</b> That is a result. The best-ranked ones are trained for evidence only, and lead to paper at most.</span></p>"))}
            {(sweep.Confidence.Length == 0 ? Html.Empty : sweep.RanksNoise ? Html.Of($"<p class=\"row warn\" data-part=\"confidence\">{Marks.Glyph(Mark.Caution)}<span>{sweep.Confidence}</span></p>") : Html.Of($"<p class=\"row\" data-part=\"confidence\"><span>{sweep.Confidence}</span></p>"))}
            {(sweep.Doubt.Length == 0 ? Html.Empty : Html.Of($"<p class=\"row warn\">{Marks.Glyph(Mark.Caution)}<span><b>{sweep.Doubt}</b> {OverfittingWords.Legend}</span></p>"))}
            {Table(rows[true], isContinued: false)}
            {rest}
            </section>
            """);
    }

    private static Html Table(IEnumerable<ComboView> rows, bool isContinued) => Html.Of(
        $"""
        <div class="scroll"><table class="lb">
        <thead{(isContinued ? Html.Of($" class=\"again\"") : Html.Empty)}><tr><th class="r">Rank</th><th class="r">Combo</th><th class="r">Threshold</th><th>Hours</th><th class="r">Size</th><th class="r">Sharpe</th><th class="r">Deflated</th><th class="r">Return</th><th class="r">Trades</th><th class="r">Max DD</th><th class="r">Break-even</th><th>Gates</th></tr></thead>
        <tbody>{rows.Select(Row)}</tbody>
        </table></div>
        """);

    private static Html Row(ComboView row) => Html.Of(
        $"""
        <tr{(row.IsSelected ? Html.Of($" class=\"sel\"") : Html.Empty)}><td class="r mut" data-l="Rank">{row.Rank}</td><td class="r" data-l="Combo"><b>{row.Combo}</b></td>
        <td class="r" data-l="Threshold">{PageText.Ratio(row.Threshold)}</td><td data-l="Hours">{row.Hours}</td><td class="r" data-l="Size">{PageText.Rate(row.Size, 0)}</td>
        <td class="r" data-l="Sharpe"><b>{PageText.Ratio(row.Sharpe)}</b>{(row.SharpeLow is null ? Html.Empty : Html.Of($" <span class=\"mut\">{PageText.Ratio(row.SharpeLow, 1)} to {PageText.Ratio(row.SharpeHigh, 1)}</span>"))}</td>
        <td class="r" data-l="Deflated">{(row.Deflated is null ? "" : PageText.Ratio(row.Deflated))}</td><td class="r" data-l="Return">{PageText.Return(row.Return)}</td>
        <td class="r" data-l="Trades">{PageText.Count(row.Trades)}</td><td class="r" data-l="Max DD">{PageText.Rate(row.MaxDrawdown, 2)}</td><td class="r" data-l="Break-even">{(row.BreakEvenBps is null ? "" : PageText.Ratio(row.BreakEvenBps, 1) + " bps")}</td>
        <td class="why">{Marks.Badge(row.Gate, Marks.Word(row.Gate))}{(row.IsEvidenceOnly ? Marks.Badge(Mark.Bad, "evidence only") : row.IsSelected ? Html.Of($"<span class=\"b idle\">trained</span>") : Html.Empty)}<span class="mut">{Why(row)}</span></td></tr>
        """);

    // The reasons are codes such as min_trades_not_met, which read as words once their underscores are gone.
    private static string Why(ComboView row)
    {
        IEnumerable<string> reasons = row.Reasons.Select(r => r.Replace('_', ' '));
        return string.Join("; ", row.DuplicateOf is { } same ? reasons.Append($"same trades as combo {same}") : reasons);
    }
}
