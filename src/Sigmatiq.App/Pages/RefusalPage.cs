using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Pages;

/// <summary>What a browser shows of a refusal: what was wrong, where, and what to do.</summary>
internal static class RefusalPage
{
    /// <param name="problems">The reasons; the first one gives the heading.</param>
    public static Html Render(IReadOnlyList<Problem> problems) => PageFrame.Document(problems[0].Message, Html.Empty, Html.Of(
        $"""
        <section class="card door">
        {problems.Select((p, i) => Html.Of(
            $"""
            {(i == 0 ? Html.Of($"<h1>{p.Message}</h1>") : Html.Of($"<p>{p.Message}</p>"))}
            {(p.Remedy is null ? Html.Empty : Html.Of($"<p>{p.Remedy}</p>"))}
            <p class="sub"><code>{p.Code}</code>{(p.Where is null ? Html.Empty : Html.Of($" <code>{p.Where}</code>"))}</p>
            """))}
        <p><a class="btn" href="/">To the studio</a></p>
        </section>
        """));
}
