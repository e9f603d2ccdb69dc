using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>What a person sees first.</summary>
[Collection(nameof(ServedStudio))]
public sealed class HomeTests(ServedStudio studio)
{
    [Fact]
    public async Task Home_shows_each_strategy_by_its_eight_stages_and_the_vote_that_waits()
    {
        await using Tab tab = await studio.OpenAsync("/");
        IPage page = tab.Page;
        await Expect(page).ToHaveTitleAsync("Home · Sigmatiq");
        ILocator cells = page.Locator($".board-r:has(.n a[href='/runs/{studio.Run}']) a.cell");
        await Expect(cells).ToHaveCountAsync(8);
        await Expect(cells.Nth(0)).ToContainTextAsync("Done");
        await Expect(cells.Nth(4)).ToContainTextAsync("of 8 pass");
        await Expect(cells.Nth(5)).ToContainTextAsync("Your vote");
        await Expect(cells.Nth(6)).ToContainTextAsync("Not started");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Waits for you" })).ToContainTextAsync("Vote on");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Counters" })).ToContainTextAsync("1 vote");
        await Expect(page.GetByTestId("data-label")).ToContainTextAsync("Synthetic");
        await cells.Nth(2).ClickAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"/runs/{studio.Run}\\?sel=train$"));
    }

    [Fact]
    public async Task The_board_is_walked_with_the_arrows_and_the_studio_with_letters()
    {
        await using Tab tab = await studio.OpenAsync("/");
        IPage page = tab.Page;
        await page.Locator(".board a.cell").First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator(".board a.cell").Nth(2)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("u");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Runs", Level = 1 })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("workf");
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Go to or run" })).ToHaveValueAsync("workf");
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Go to or run" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Workflows", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Go to a page");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_date_and_the_clock_go_by_the_chosen_zone_and_the_palette_finds_what_no_page_has_read()
    {
        DateTime before = DateTime.UtcNow;
        await using Tab tab = await studio.OpenAsync("/?tz=utc");
        IPage page = tab.Page;
        System.Globalization.CultureInfo words = System.Globalization.CultureInfo.InvariantCulture;
        await Expect(page.Locator(".hd .sub")).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"^\d\d:\d\d UTC, market "));
        string heading = await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync();
        heading.Should().BeOneOf(before.ToString("dddd, d MMMM", words), DateTime.UtcNow.ToString("dddd, d MMMM", words));
        await page.Keyboard.PressAsync("Control+k");
        ILocator asked = page.GetByRole(AriaRole.Combobox, new() { Name = "Go to or run" });
        ILocator found = page.GetByRole(AriaRole.Listbox, new() { Name = "Go to or run" });
        foreach ((string text, string answer) in ((string, string)[])[("lifecycle 1.0", "Workflows 1.0.0"), (studio.Run, "lifecycle, waiting"), ("dark", "Dark theme"), ("new sweep", "New sweep"), ("import", "Import a file"), ("MKT.SYN", "Data")])
        {
            await asked.FillAsync(text);
            await Expect(found).ToContainTextAsync(answer);
        }
    }

    [Fact]
    public async Task An_instant_is_shown_on_three_clocks_and_the_link_carries_the_choice()
    {
        await using Tab tab = await studio.OpenAsync($"/runs/{studio.Run}?tz=utc");
        IPage page = tab.Page;
        ILocator asked = page.Locator(".met time").First;
        await Expect(asked).ToContainTextAsync("UTC");
        string instant = (await asked.GetAttributeAsync("datetime"))!;
        await page.GetByRole(AriaRole.Button, new() { Name = "Exchange (ET)" }).ClickAsync();
        await Expect(asked).ToContainTextAsync("ET");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("tz=exchange"));
        TimeZoneInfo newYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        DateTimeOffset there = TimeZoneInfo.ConvertTime(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), newYork);
        await Expect(asked).ToContainTextAsync(there.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture));
        await page.Keyboard.PressAsync("z");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("tz=local"));
    }

    [Fact]
    public async Task An_unknown_address_offers_what_may_be_meant()
    {
        await using Tab tab = await studio.OpenAsync("/sweepz");
        await Expect(tab.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("There is no page “sweepz”");
        await Expect(tab.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Sweeps" })).ToBeVisibleAsync();
        await tab.Page.GotoAsync("/sweeps/swp_1/combos/abc");
        await Expect(tab.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("“abc” is no number of a combo");
        await Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "To the leaderboard" })).ToHaveAttributeAsync("href", "/sweeps/swp_1");
    }
}
