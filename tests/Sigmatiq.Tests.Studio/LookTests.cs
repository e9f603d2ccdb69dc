using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>Every page in both themes, wide and on a phone: nothing serious for axe, nothing refused by the content policy, no sideways scroll.
/// With <c>SIGMATIQ_PICTURES</c> set to a folder, each is drawn there.</summary>
[Collection(nameof(ServedStudio))]
public sealed class LookTests(ServedStudio studio)
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(Checkout.Root, "src", "studio", "node_modules", "axe-core", "axe.min.js"));

    private const string Everything = """["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]""", Colours = """{ type: "rule", values: ["color-contrast", "link-in-text-block"] }""";

    public static TheoryData<string, string> Pages => new()
    {
        { "home", "/" }, { "run", "/runs/{run}" }, { "run-outputs", "/runs/{run}?sel=sweep&tab=outputs" }, { "workflows", "/workflows" },
        { "trigger", "/workflows?sel=lifecycle&do=trigger" }, { "review", "/dashboard" }, { "evidence", "/dashboard/{approval}?focus=trade:2" }, { "unknown", "/no-such-page" },
        { "compare-runs", "/runs/diff?a={run}&b={run}" }, { "workflow", "/workflows/lifecycle?sel=train" }, { "workflow-versions", "/workflows/lifecycle?tab=versions" }, { "designer", "/workflows/lifecycle/edit?sel=train" }, { "designer-yaml", "/workflows/lifecycle/edit?sel=train&view=yaml" }, { "workflow-new", "/workflows/new" },
        { "workflow-diff", "/workflows/lifecycle/diff?a=1.0.0&b=1.0.0&view=yaml" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public Task A_page_is_well_in_both_themes_and_at_both_widths(string name, string path) => LookAsync(
        studio, name, path.Replace("{run}", studio.Run, StringComparison.Ordinal).Replace("{approval}", $"apr_{studio.Run[^12..]}", StringComparison.Ordinal));

    [Fact]
    public async Task A_trade_that_is_looked_at_is_well_in_both_themes_and_at_both_widths()
    {
        foreach (string theme in (string[])["dark", "light"])
        {
            foreach (int width in (int[])[1440, 390])
            {
                await using Tab tab = await studio.OpenAsync($"/dashboard/apr_{studio.Run[^12..]}?focus=trade:2", theme, width, width == 390 ? 844 : 900);
                await Expect(tab.Page.Locator("section.known")).ToBeVisibleAsync();
                await Expect(tab.Page.Locator(".candles-box canvas").First).ToBeVisibleAsync();
                await ScrollToAsync(tab.Page, width == 390 ? ".tr-side" : "#trades");
                await SeeAsync(tab.Page, $"trade-{theme}-{width}");
                tab.Complaints.Should().BeEmpty();
            }
        }
    }

    /// <summary>Looks at a page of any served store: opened once at each width, and seen in the other theme when the machine's changes.</summary>
    internal static async Task LookAsync(ServedStudio studio, string name, string path)
    {
        foreach ((int width, int height) in ((int, int)[])[(1440, 900), (390, 844)])
        {
            await using Tab tab = await studio.OpenAsync(path, "dark", width, height);
            IPage page = tab.Page;
            await Expect(page.Locator("main h1").First).ToBeVisibleAsync();
            await Expect(page.Locator("[aria-busy='true']")).ToHaveCountAsync(0);
            foreach (string theme in (string[])["dark", "light"])
            {
                await page.EmulateMediaAsync(new() { ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
                await Expect(page.Locator($"html[data-theme='{theme}'][data-mantine-color-scheme='{theme}']")).ToHaveCountAsync(1);
                (await page.Locator("h1").CountAsync()).Should().Be(1, name);
                // The other theme changes colours and nothing else, so that only these are judged anew.
                await SeeAsync(page, $"{name}-{theme}-{width}", theme == "dark" ? Everything : Colours);
                tab.Complaints.Should().BeEmpty(name);
            }
        }
    }

    /// <summary>Brings a part of a page to its top, again while what stands above it still grows.</summary>
    internal static async Task ScrollToAsync(IPage page, string selector)
    {
        await Expect(page.Locator("[aria-busy='true']")).ToHaveCountAsync(0);
        double last = double.NaN;
        await Tab.HoldsAsync(async () =>
        {
            double before = last;
            last = await page.Locator(selector).EvaluateAsync<double>(
                "at => { at.scrollIntoView({ block: 'start' }); let down = 0; for (let e = at; e; e = e.parentElement) down += e.scrollTop; return down; }");
            await page.WaitForTimeoutAsync(300);
            last.Should().Be(before);
        });
    }

    /// <summary>Looks at a page as it is now: drawn where pictures are kept, no sideways scroll, nothing serious for axe.</summary>
    internal static async Task SeeAsync(IPage page, string name, string rules = Everything)
    {
        await page.EvaluateAsync("() => document.fonts.ready");
        await page.WaitForTimeoutAsync(300);
        if (Environment.GetEnvironmentVariable("SIGMATIQ_PICTURES") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        }

        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).Should().BeLessThanOrEqualTo(0, $"no sideways scroll: {name}");
        await page.EvaluateAsync(Axe);
        string found = await page.EvaluateAsync<string>(
            $$"""
            async () => JSON.stringify((await axe.run(document, { runOnly: {{rules}} })).violations
              .filter(v => v.impact === "serious" || v.impact === "critical")
              .map(v => ({ rule: v.id, help: v.help, nodes: v.nodes.slice(0, 4).map(n => n.html.slice(0, 200) + " :: " + (n.any[0]?.message ?? "")) })))
            """);
        JsonNode.Parse(found)!.AsArray().Should().BeEmpty($"axe: {name}: {found}");
    }
}
