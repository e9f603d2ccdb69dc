namespace Sigmatiq.App.Pages;

/// <summary>What a visitor without a session sees, whatever they asked for.</summary>
internal static class SignInPage
{
    /// <param name="problem">Why the link did not work, or that a session has ended; null for a first visit.</param>
    public static Html Render(string? problem) => PageFrame.Document("Sign in", Html.Empty, Html.Of(
        $"""
        <section class="card door">
        <h1>Sign in</h1>
        {(problem is null ? Html.Empty : Html.Of($"<p class=\"b bad wide\" role=\"alert\">{Marks.Glyph(Mark.Bad)}{problem}</p>"))}
        <p>Open the one-time link that the program printed when it started.</p>
        <p class="sub">For a new link, run this on the same machine; a server that runs already goes on:</p>
        <pre><code>./sigmatiq up</code></pre>
        <p class="sub">A link works once, and for 15 minutes. A session lasts 7 days. Signed in, you come to the page that you asked for.</p>
        </section>
        """));
}
