using System.Globalization;
using Sigmatiq.Store.Content;

namespace Sigmatiq.App.Pages;

/// <summary>The page behind <c>/status</c>, without script or studio: where the latest run stands, what it found, and the vote.</summary>
internal static class StatusPage
{
    /// <summary>Renders the page.</summary>
    /// <param name="view">What the store says.</param>
    /// <param name="csrf">The session's form token.</param>
    /// <param name="notice">What the last action did or why it failed; null for none.</param>
    public static Html Render(StatusView view, string csrf, (Mark Mark, string Text)? notice = null)
    {
        string version = Version(view);
        Html bar = Html.Of(
            $"""
            <span class="bar" data-part="bar" data-version="{version}">
            {(view.Run is { } run ? Marks.Badge(run.State, run.StateWord) : Html.Empty)}
            <span class="sp"></span>
            {(view.Data?.IsSynthetic == true ? Synthetic : Html.Empty)}
            <span class="sub who">{view.Operator}</span>
            </span>
            """);
        Html main = view.Run is null ? Empty() : Html.Of(
            $"""
            {(notice is { } n ? Html.Of($"<p class=\"notice {Marks.Class(n.Mark)}\" role=\"status\">{Marks.Glyph(n.Mark)}{n.Text}</p>") : Html.Empty)}
            {RunCards.Heading(view)}
            {RunCards.Board(view.Run)}
            {RunCards.DataNote(view.Data)}
            <div class="rv">
            <div class="content">
            {EvidenceCards.Figures(view.Evidence)}
            {EvidenceCards.Equity(view.Evidence)}
            {EvidenceCards.GatesAndCautions(view.Evidence, view.Approval)}
            {LeaderboardCard.Render(view.Sweep)}
            {EvidenceCards.Deployment(view.Deployment)}
            </div>
            <aside class="rail" aria-label="Vote">
            {VoteCards.Render(view.Approval, view.NowUtc, csrf)}
            </aside>
            </div>
            {VoteCards.Jump(view.Approval)}
            """);
        bool moves = view.Run is { State: Mark.Running or Mark.Pending };
        return PageFrame.Document(view.Run is null ? "Status" : $"{view.Run.StateWord}, {view.Run.Title}", bar, main, moves ? 5 : null);
    }

    /// <summary>Changes exactly when the page would show something else; ages in minutes do not count.</summary>
    public static string Version(StatusView view) =>
        ContentHash.OfValue(view with { NowUtc = default }, new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals }).Short;

    private static Html Synthetic => Html.OfAsset(
        "<span class=\"b synth\"><svg class=\"g\" width=\"14\" height=\"14\" viewBox=\"0 0 16 16\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.8\" "
        + "stroke-linecap=\"round\" aria-hidden=\"true\"><path d=\"M2 9c1.5-5 3-5 4 0s2.5 5 4 0 2.5-5 4 0\"/></svg>Synthetic<span class=\"more\"> data</span></span>");

    private static Html Empty() => Html.Of(
        $"""
        <section class="card door" data-part="empty">
        <h1>No run yet</h1>
        <p>A run takes a pack from bars through all eight stages to your vote.</p>
        <pre><code>./sigmatiq lifecycle run --ticker MKT.SYN</code></pre>
        </section>
        """);
}
