namespace Sigmatiq.App.Pages;

/// <summary>The rail: what exactly is voted on, who voted, and the form.</summary>
internal static class VoteCards
{
    private const int ReasonLengthMax = 2000;

    public static Html Render(ApprovalView? approval, DateTimeOffset nowUtc, string csrf)
    {
        if (approval is null)
        {
            return Html.Of(
                $"""
                <section class="card" data-part="content"><div class="ch"><h2>Your vote</h2></div><p class="empty">Nothing to vote on yet. The run asks once its evidence is complete.</p></section>
                <div data-part="votes"></div><div data-part="form"></div>
                """);
        }

        return Html.Of($"{Content(approval)}{Votes(approval, nowUtc)}{Form(approval, csrf)}");
    }

    /// <summary>On a phone the form is far down; a bar at the foot leads to it.</summary>
    public static Html Jump(ApprovalView? approval) => approval is { State: Mark.Waiting }
        ? Html.Of($"<p class=\"jump\" data-part=\"jump\"><span>Vote 2<br><code>{PageText.Short(approval.Digest)}</code></span><a class=\"btn p\" href=\"#reason\">Vote…</a></p>")
        : Html.Of($"<p data-part=\"jump\"></p>");

    private static Html Content(ApprovalView approval) => Html.Of(
        $"""
        <section class="card" data-part="content">
        <div class="ch"><h2>What you approve</h2><span class="sp"></span><span class="s">exact content</span></div>
        <dl class="dl">{approval.Content.Select(EvidenceCards.Pair)}<dt>Expires</dt><dd>{PageText.Instant(approval.ExpiresUtc)}</dd></dl>
        <div class="dig" title="{approval.Digest}"><span class="mut">Digest</span><code>{approval.Digest}</code></div>
        </section>
        """);

    private static Html Votes(ApprovalView approval, DateTimeOffset nowUtc)
    {
        (Mark mark, string word) = approval.Recommendation switch
        {
            "PROMOTE" => (Mark.Ok, "Promote"),
            "REVIEW" => (Mark.Caution, "Review"),
            _ => (Mark.Bad, "Reject"),
        };
        Html second = approval.DecidedUtc is { } at
            ? Html.Of(
                $"""
                <div class="vote"><span class="t">Vote 2, <bdi>{approval.DecidedBy}</bdi></span>{Marks.Badge(approval.State, approval.State == Mark.Ok ? "Approved" : "Rejected")}
                <p>{PageText.Instant(at)}. <q><bdi>{approval.Reason}</bdi></q></p>
                {(approval.IsSelfApproved ? Html.Of($"<p class=\"bad-t\">{Marks.Glyph(Mark.Bad)}Self approved: never enough for live trading.</p>") : Html.Empty)}
                </div>
                """)
            : Html.Of(
                $"""
                <div class="vote"><span class="t">Vote 2, a person</span>{Marks.Badge(Mark.Waiting, "Waiting")}
                <p>Asked {PageText.Duration(nowUtc - approval.CreatedUtc)} ago. No answer is a rejection.</p></div>
                """);
        return Html.Of(
            $"""
            <section class="card" data-part="votes">
            <div class="ch"><h2>Votes</h2><span class="sp"></span><span class="s">{(approval.DecidedUtc is null ? "1" : "2")} of 2 cast</span></div>
            <div class="vote"><span class="t">Vote 1, the gates</span>{Marks.Badge(mark, word)}
            {(approval.IsGateFailed ? Html.Of($"<p class=\"bad-t\">{Marks.Glyph(Mark.Bad)}Gate failed: paper only.</p>") : Html.Empty)}</div>
            {second}
            </section>
            """);
    }

    private static Html Form(ApprovalView approval, string csrf) => approval.State != Mark.Waiting
        ? Html.Of($"<div data-part=\"form\"></div>")
        : Html.Of(
            $"""
            <section class="card" data-part="form" data-digest="{approval.Digest}">
            <form class="form" method="post" action="/approvals/{approval.Id}/votes">
            <input type="hidden" name="csrf" value="{csrf}"><input type="hidden" name="digest" value="{approval.Digest}">
            <label for="reason">Reason <span class="mut">required</span></label>
            <textarea id="reason" name="reason" rows="4" required maxlength="{ReasonLengthMax}" placeholder="What convinced you, or what did not"></textarea>
            <div class="acts"><button class="btn d" name="choice" value="reject">Reject</button><button class="btn p" name="choice" value="approve">Approve</button></div>
            <p class="mut">{(approval.Target == "paper" ? "Approving starts a paper deployment. Live trading needs votes of its own." : $"Approving deploys to {approval.Target}.")}</p>
            </form>
            </section>
            """);
}
