using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Sigmatiq.Tests.Studio.DesignerPage;

namespace Sigmatiq.Tests.Studio;

/// <summary>How somebody likes the designer: which way the graph leads, how wide its regions are, what stands on top; kept in the browser.</summary>
[Collection(nameof(DesignedStudio))]
public sealed class DesignerViewTests(DesignedStudio studio)
{
    [Fact]
    public async Task A_key_turns_the_graph_to_the_right_the_arrows_follow_and_it_stays_so()
    {
        await using Tab tab = await SavedAsync(studio, "to_the_right");
        IPage page = tab.Page;
        await LeadsDownAsync(page);
        await Node(page, "bootstrap").FocusAsync();
        await page.Keyboard.PressAsync("d");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Draw from top to bottom" })).ToBeVisibleAsync();
        await LeadsRightAsync(page);
        await PictureAsync(page, "designer-to-the-right");

        await Node(page, "bootstrap").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(Node(page, "align")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(Node(page, "bootstrap")).ToBeFocusedAsync();

        // What is moved in one direction is where it was in the other.
        await page.ReloadAsync();
        await Expect(page.Locator(".react-flow__node")).ToHaveCountAsync(3);
        await LeadsRightAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Draw from top to bottom" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Draw from left to right" })).ToBeVisibleAsync();
        await LeadsDownAsync(page);
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Regions_are_made_wider_by_keys_and_by_mouse_come_back_and_move_nothing_else()
    {
        await using Tab tab = await SavedAsync(studio, "regions");
        IPage page = tab.Page;
        ILocator side = page.GetByRole(AriaRole.Separator, new() { Name = "Width of form and YAML" }), region = page.Locator(".ins");
        await Expect(side).ToHaveAttributeAsync("aria-valuenow", "428");
        await Tab.HoldsAsync(async () => (await BoxAsync(region)).Width.Should().BeApproximately(428, 1));
        await side.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await Expect(side).ToHaveAttributeAsync("aria-valuenow", "508");
        await Tab.HoldsAsync(async () => (await BoxAsync(region)).Width.Should().BeApproximately(508, 1));
        await Expect(page.Locator(".tb")).ToBeVisibleAsync();
        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).Should().BeLessThanOrEqualTo(0);

        // By mouse, with the graph in the middle of what is left for it.
        LocatorBoundingBoxResult at = await BoxAsync(side);
        await page.Mouse.MoveAsync(at.X + (at.Width / 2), at.Y + 200);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(at.X + (at.Width / 2) - 92, at.Y + 200, new() { Steps = 5 });
        await page.Mouse.UpAsync();
        await Expect(side).ToHaveAttributeAsync("aria-valuenow", "600");
        await Tab.HoldsAsync(async () =>
        {
            (LocatorBoundingBoxResult canvas, LocatorBoundingBoxResult node) = (await BoxAsync(page.Locator(".cv")), await BoxAsync(Node(page, "align")));
            (node.X + (node.Width / 2)).Should().BeApproximately(canvas.X + (canvas.Width / 2), 3);
        });

        ILocator kinds = page.GetByRole(AriaRole.Separator, new() { Name = "Width of the step kinds" });
        await kinds.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(kinds).ToHaveAttributeAsync("aria-valuenow", "212");
        ILocator height = page.GetByRole(AriaRole.Separator, new() { Name = "Height of form and YAML" });
        float before = (await BoxAsync(page.Locator(".ins-f"))).Height;
        await height.FocusAsync();
        await page.Keyboard.PressAsync("Shift+ArrowUp");
        await Expect(height).ToHaveAttributeAsync("aria-valuenow", "34");
        await Tab.HoldsAsync(async () => (await BoxAsync(page.Locator(".ins-f"))).Height.Should().BeLessThan(before - 80));

        // The order of form and YAML, by a key; all of it is there again later.
        await page.Keyboard.PressAsync("o");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Form above the YAML" })).ToBeVisibleAsync();
        await Tab.HoldsAsync(async () => (await BoxAsync(page.Locator(".ins-y"))).Y.Should().BeLessThan((await BoxAsync(page.Locator(".ins-f"))).Y));
        await PictureAsync(page, "designer-regions");
        await page.ReloadAsync();
        await Expect(side).ToHaveAttributeAsync("aria-valuenow", "600");
        await Tab.HoldsAsync(async () => (await BoxAsync(page.Locator(".ins-y"))).Y.Should().BeLessThan((await BoxAsync(page.Locator(".ins-f"))).Y));
        await side.DblClickAsync();
        await Expect(side).ToHaveAttributeAsync("aria-valuenow", "428");
        await kinds.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(kinds).ToHaveAttributeAsync("aria-valuenow", "196");
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Hostile_names_on_the_canvas_and_in_the_file_run_nothing_turn_no_line_and_break_no_layout()
    {
        await using Tab tab = await SavedAsync(studio, "hostile");
        IPage page = tab.Page;
        string longName = new('w', 400);
        string text = Small.Replace("NAME", "hostile").Replace("report:", $"{longName}:").Replace("title: \"Bars", "title: \"safe\u202Etxt.exe <img src=x onerror='window.pwned=1'> Bars")
            .Replace("bootstrap:", "\"boot\u2067strap>x\":").Replace("needs: [bootstrap]", "when: steps.bootstrap.outputs.x == \"\u202Elive\"");
        await page.EvaluateAsync("async text => { await fetch('/api/workflows/hostile/draft', { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text, base: '1.0.0' }) }); }", text);
        foreach ((int width, string view) in ((int, string)[])[(1440, "both"), (390, "both"), (390, "yaml")])
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.GotoAsync($"/workflows/hostile/edit?sel={longName}&view={view}");
            await Expect(view == "yaml" ? page.Locator(".cm-content") : Node(page, longName)).ToBeVisibleAsync();
            await Expect(page.Locator("[aria-busy='true']")).ToHaveCountAsync(0);
            (await page.EvaluateAsync<bool>("() => window.pwned !== undefined || document.querySelector('img[src=x]') !== null")).Should().BeFalse();
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).Should().BeLessThanOrEqualTo(0, $"at {width}");
            (await page.EvaluateAsync<string>("() => [...document.body.innerText.matchAll(/.{0,20}[\\u202A-\\u202E\\u2066-\\u2069\\u200E\\u200F].{0,20}/g)].map(m => m[0]).join(' | ')")).Should().BeEmpty($"at {width}");
        }
    }

    private static Task LeadsDownAsync(IPage page) => Tab.HoldsAsync(async () =>
    {
        (LocatorBoundingBoxResult from, LocatorBoundingBoxResult to) = (await BoxAsync(Node(page, "bootstrap")), await BoxAsync(Node(page, "align")));
        to.Y.Should().BeGreaterThan(from.Y + from.Height);
    });

    // To the right of what it needs, and level with it.
    private static Task LeadsRightAsync(IPage page) => Tab.HoldsAsync(async () =>
    {
        (LocatorBoundingBoxResult from, LocatorBoundingBoxResult to) = (await BoxAsync(Node(page, "bootstrap")), await BoxAsync(Node(page, "align")));
        to.X.Should().BeGreaterThan(from.X + from.Width);
        to.Y.Should().BeApproximately(from.Y, 2);
    });
}
