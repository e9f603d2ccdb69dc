namespace Sigmatiq.App.Pages;

/// <summary>The document around every page.</summary>
internal static class PageFrame
{
    private static readonly Html Logo = Html.OfAsset(
        "<svg width=\"20\" height=\"20\" viewBox=\"0 0 20 20\" aria-hidden=\"true\"><rect width=\"20\" height=\"20\" rx=\"5\" class=\"logo\"/>"
        + "<path d=\"M14 6H6.500L10.5 10l-4 4H14\" class=\"logo-line\"/></svg>");

    private static readonly Html Icon = Html.OfAsset(
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'%3E%3Crect width='20' height='20' rx='5' fill='%237AA2FF'/%3E"
        + "%3Cpath d='M14 6H6.500L10.5 10l-4 4H14' fill='none' stroke='%230B0D11' stroke-width='2' stroke-linejoin='round' stroke-linecap='round'/%3E%3C/svg%3E");

    /// <summary>A whole document.</summary>
    /// <param name="title">Title of the tab.</param>
    /// <param name="bar">What stands in the top bar beside the name.</param>
    /// <param name="main">The page.</param>
    /// <param name="refreshSeconds">For browsers without script: load again after this time; null never.</param>
    public static Html Document(string title, Html bar, Html main, int? refreshSeconds = null) => Html.Of(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta name="color-scheme" content="dark light">
        <title>{title} · Sigmatiq</title>
        <link rel="icon" href="{Icon}">
        {(refreshSeconds is { } seconds ? Html.Of($"<noscript><meta http-equiv=\"refresh\" content=\"{seconds}\"></noscript>") : Html.Empty)}
        <style>{Html.OfAsset(PageAssets.Style)}</style>
        </head>
        <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top"><a class="brand" href="/">{Logo}<span class="name">Sigmatiq</span></a>{bar}</header>
        <main id="main">{main}</main>
        <script>{Html.OfAsset(PageAssets.Script)}</script>
        </body>
        </html>
        """);
}
