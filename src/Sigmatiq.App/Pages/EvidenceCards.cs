namespace Sigmatiq.App.Pages;

/// <summary>The evidence: headline figures, equity, gates and doubts, and what runs after the vote. Doubt is never folded away.</summary>
internal static class EvidenceCards
{
    public static Html Figures(EvidenceView? evidence) => evidence is null
        ? Html.Of($"<div data-part=\"figures\"></div>")
        : Html.Of(
            $"""
            <section class="kpis" data-part="figures" aria-label="Hold-out figures">
            <p class="kh"><b>Hold-out</b>, {evidence.Window}</p>
            {evidence.Figures.Select(f => Html.Of($"<div class=\"kpi\"><div class=\"l\">{f.Label}</div><div class=\"v\">{f.Value}</div><div class=\"c\">{f.Context}</div></div>"))}
            </section>
            """);

    public static Html Equity(EvidenceView? evidence)
    {
        if (evidence is null)
        {
            return Html.Of($"<section class=\"card\" data-part=\"equity\"><div class=\"ch\"><h2>Equity</h2></div><p class=\"empty\">Stage 4, backtest, draws it.</p></section>");
        }

        EquityPoint? last = evidence.Equity.Count > 0 ? evidence.Equity[^1] : null;
        Html benchmark = last?.Benchmark is { } b ? Html.Of($"<span class=\"key bench\">Buy and hold {PageText.Return(b)}</span>") : Html.Empty;
        Html legend = last is { } p ? Html.Of($"<span class=\"key\">Strategy {PageText.Return(p.Strategy)}</span>{benchmark}") : Html.Empty;
        return Html.Of(
            $"""
            <section class="card" data-part="equity">
            <div class="ch"><h2>Equity and drawdown</h2><span class="s">hold-out</span><span class="sp"></span>{legend}</div>
            <div class="plot">{EquityPicture.Render(evidence.Equity)}</div>
            </section>
            """);
    }

    public static Html GatesAndCautions(EvidenceView? evidence, ApprovalView? approval)
    {
        if (evidence is null)
        {
            return Html.Of($"<div data-part=\"gates\"></div>");
        }

        int passed = evidence.Gates.Count(g => g.State == Mark.Ok);
        Mark overall = passed == evidence.Gates.Count ? Mark.Ok : evidence.Gates.Any(g => g.IsCritical && g.State == Mark.Bad) ? Mark.Bad : Mark.Caution;
        IEnumerable<GateView> failsFirst = evidence.Gates.OrderBy(g => g.State switch { Mark.Bad => 0, Mark.Caution => 1, _ => 2 });
        return Html.Of(
            $"""
            <div class="two" data-part="gates">
            <section class="card">
            <div class="ch"><h2>Gates</h2><span class="s">required and actual</span><span class="sp"></span>{Marks.Badge(overall, $"{passed} of {evidence.Gates.Count} pass")}</div>
            {GateTable(failsFirst, "Passes without skill")}
            </section>
            <section class="card">
            <div class="ch"><h2>Doubts</h2><span class="s">in plain words</span><span class="sp"></span>{Marks.Badge(evidence.Cautions.Count > 0 ? Mark.Caution : Mark.Ok, evidence.Cautions.Count == 1 ? "1 caution" : $"{evidence.Cautions.Count} cautions")}</div>
            {Vote1(approval)}
            {evidence.Cautions.Select(c => Html.Of($"<p class=\"row warn\">{Marks.Glyph(Mark.Caution)}<span>{c}</span></p>"))}
            {(evidence.Training.Count == 0 ? Html.Empty : Html.Of($"<dl class=\"dl\">{evidence.Training.Select(Pair)}</dl>"))}
            </section>
            </div>
            """);
    }

    public static Html Deployment(DeploymentView? deployment) => deployment is null
        ? Html.Of($"<div data-part=\"deployment\"></div>")
        : Html.Of(
            $"""
            <section class="card" data-part="deployment">
            <div class="ch"><h2>Deployment</h2><span class="s"><code>{deployment.Id}</code></span><span class="sp"></span><span class="b idle">{(deployment.Mode == "paper" ? "Paper" : deployment.Mode)}</span></div>
            <dl class="dl wide">{deployment.Facts.Select(Pair)}</dl>
            {(deployment.Guardrails.Count == 0 ? Html.Empty : GateTable(deployment.Guardrails, "Then"))}
            </section>
            """);

    internal static Html Pair(FigureView figure) =>
        Html.Of($"<dt>{figure.Label}</dt><dd><bdi>{figure.Value}</bdi>{(figure.Context.Length > 0 ? Html.Of($" <span class=\"mut\">{figure.Context}</span>") : Html.Empty)}</dd>");

    private static Html Vote1(ApprovalView? approval) => approval?.Recommendation switch
    {
        "PROMOTE" => Html.Of($"<p class=\"row ok\">{Marks.Glyph(Mark.Ok)}<span><b>Vote 1: promote.</b> No gate objects. That is not proof that it works.</span></p>"),
        "REVIEW" => Html.Of($"<p class=\"row warn\">{Marks.Glyph(Mark.Caution)}<span><b>Vote 1: review.</b> A gate that is not critical fails.</span></p>"),
        "REJECT" => Html.Of($"<p class=\"row bad\">{Marks.Glyph(Mark.Bad)}<span><b>Vote 1: reject.</b> {(approval.IsGateFailed ? "No combo passed its gates; these models were trained for evidence only." : "A critical gate fails.")}</span></p>"),
        _ => Html.Empty,
    };

    private static Html GateTable(IEnumerable<GateView> gates, string lastHeading) => Html.Of(
        $"""
        <div class="scroll"><table class="gates">
        <thead><tr><th>Gate</th><th class="r">Actual</th><th>Status</th><th class="r fp">{lastHeading}</th></tr></thead>
        <tbody>{gates.Select(g => Html.Of(
            $"""
            <tr><td><span class="gn">{g.Label}{(g.IsCritical ? Html.Of($" <span class=\"crit\">critical</span>") : Html.Empty)}</span><span class="req">{g.Required}</span></td>
            <td class="r"><b>{g.Actual}</b></td><td><span class="w {Marks.Class(g.State)}">{Marks.Glyph(g.State)}{Marks.Word(g.State)}</span></td><td class="r fp">{g.WithoutSkill}</td></tr>
            """))}</tbody>
        </table></div>
        """);
}
