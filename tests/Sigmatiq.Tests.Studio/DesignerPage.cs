using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>What tests of the designer do and look at again and again.</summary>
internal static class DesignerPage
{
    /// <summary>A workflow of three steps with comments and a case; its name is NAME.</summary>
    public const string Small = """
        # the comment above all
        workflow: NAME
        version: 1.0.0
        summary: Two steps
        steps:
          bootstrap: { uses: store.bootstrap }   # behind it
          # above align
          align:
            uses: market.align
            needs: [bootstrap]
            with: { ticker: MKT.SYN, pack: swingsigma@1.1.0 }
            timeout: 10m
          report:
            uses: report
            with: { title: "Bars of {steps.align.outputs.ticker}" }
        tests:
          - name: bars are reported
            expect: { report: succeeded }
        """;

    /// <summary>A step on the canvas.</summary>
    public static ILocator Node(IPage page, string name) => page.Locator($".react-flow__node[data-id='{name}']");

    /// <summary>An edge on the canvas.</summary>
    public static ILocator Edge(IPage page, string from, string to) => page.Locator($".react-flow__edge[data-id='{from}>{to}']");

    /// <summary>A step kind to drag or click.</summary>
    public static ILocator PaletteItem(IPage page, string label) => page.Locator(".pal").GetByRole(AriaRole.Button, new() { Name = label, Exact = true });

    /// <summary>Saves a small workflow and opens it.</summary>
    public static async Task<Tab> SavedAsync(DesignedStudio studio, string name)
    {
        Tab tab = await studio.OpenAsync("/workflows");
        (await SaveAsync(tab.Page, Small.Replace("NAME", name), null)).Should().Be(201);
        await OpenAsync(tab.Page, $"/workflows/{name}/edit");
        return tab;
    }

    /// <summary>Opens the designer of a small workflow and waits until it is drawn.</summary>
    public static async Task OpenAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await Expect(page.Locator(".react-flow__node")).ToHaveCountAsync(3);
        await Expect(page.Locator(".cm-content")).ToBeVisibleAsync();
    }

    /// <summary>Saves a version as another program would.</summary>
    /// <returns>The status of the answer.</returns>
    public static Task<int> SaveAsync(IPage page, string text, string? madeFrom) => page.EvaluateAsync<int>(
        """
        async ([text, base]) => (await fetch("/api/workflows/save", {
          method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() }, body: JSON.stringify({ text, base, note: "by another" }),
        })).status
        """,
        new[] { text, madeFrom });

    /// <summary>The file as the editor holds it; all of a small one is on the page.</summary>
    public static async Task<string> YamlAsync(IPage page) => string.Join('\n', await page.Locator(".cm-line").AllTextContentsAsync());

    /// <summary>Where an element is.</summary>
    public static async Task<LocatorBoundingBoxResult> BoxAsync(ILocator at) => (await at.BoundingBoxAsync())!;

    /// <summary>Draws the page where pictures are kept.</summary>
    public static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("SIGMATIQ_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-dark-1440.png") });
        }
    }
}
