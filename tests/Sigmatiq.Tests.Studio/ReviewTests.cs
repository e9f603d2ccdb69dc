using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sigmatiq.Tests.SystemTests;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>The review page: the evidence is read, then approved or rejected with a reason by whoever may, on exactly what was shown.</summary>
[Collection(nameof(ReviewedStudio))]
public sealed class ReviewTests(ReviewedStudio studio)
{
    private const string Reason = "Only for paper: the p-value is weak <script>alert(1)</script> \u202Egnp and 17 trades are few.";

    [Fact]
    public async Task The_evidence_shows_its_doubts_first_and_a_trade_with_the_rule_that_ended_it()
    {
        await using Tab tab = await studio.OpenAsync("/dashboard");
        IPage page = tab.Page;
        await page.Locator($"a.ask[href='/dashboard/{studio.Approval(0)}']").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("on MKT.SYN");
        await Expect(page.Locator(".verdict a")).ToHaveCountAsync(3);
        await Expect(page.Locator(".verdict a").Nth(2)).ToContainTextAsync("First version");
        await Expect(page.Locator(".kpis")).ToContainTextAsync("never used to choose");

        JsonNode stored = JsonNode.Parse(await page.EvaluateAsync<string>($"async () => await (await fetch('/api/approvals/{studio.Approval(0)}')).text()"))!;
        JsonNode[] gates = [.. stored["state"]!["gates"]!.AsArray().Select(g => g!)];
        int failed = gates.Count(g => !g["passed"]!.GetValue<bool>());
        ILocator rows = page.Locator(".gate:not(.gate-h)");
        await Expect(rows).ToHaveCountAsync(gates.Length);
        for (int i = 0; i < gates.Length; i++)
        {
            await Expect(rows.Nth(i)).ToContainTextAsync(i < failed ? "Fail" : "Pass");
        }

        // The figure on screen is the stored one.
        double stands = stored["state"]!["backtest_metrics"]!["return_pct"]!.GetValue<double>();
        await Expect(page.Locator(".kpi5").First).ToContainTextAsync(stands.ToString("+0.00;−0.00", System.Globalization.CultureInfo.InvariantCulture) + "%");
        await Expect(page.Locator(".luck[data-verdict]")).ToHaveCountAsync(6);
        await Expect(page.Locator(".equity svg")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Full buy and hold" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("view=full"));

        await Expect(page.Locator(".candles-box canvas").First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "TradingView" })).ToHaveAttributeAsync("href", "https://www.tradingview.com/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Trade 2", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("focus=trade(:|%3A)2"));
        await Expect(page.Locator(".tr-side")).ToContainTextAsync("Decided on");
        await Expect(page.Locator(".tr-side")).ToContainTextAsync("rsi > 50 AND rsi < 70");
        await Expect(page.Locator(".tr-side")).ToContainTextAsync("Worst, best on the way");
        ILocator side = page.Locator(".tr-side h3");
        ILocator box = page.Locator(".candles-box");
        await box.ScrollIntoViewIfNeededAsync();
        await box.ClickAsync(new() { Position = new() { X = 12, Y = 150 } });
        await Expect(side).ToContainTextAsync("Trade ");
        await page.Locator("body").PressAsync("8");
        await Expect(page.Locator("#months")).ToBeInViewportAsync();
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_rejection_needs_a_reason_and_the_cautions_and_says_what_it_binds()
    {
        await using Tab tab = await studio.OpenAsync($"/dashboard/{studio.Approval(1)}");
        IPage page = tab.Page;
        ILocator reject = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Reject") });
        await Expect(reject).ToBeDisabledAsync();
        await Expect(page.Locator(".lacking")).ToContainTextAsync("a reason of 10 characters and");
        await page.GetByRole(AriaRole.Textbox, new() { NameRegex = new("^Reason") }).FillAsync(Reason);
        await Expect(reject).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Checkbox).CheckAsync();
        await Expect(page.Locator(".lacking")).ToHaveTextAsync("");
        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("Shift+R");
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        string digest = JsonNode.Parse(await page.EvaluateAsync<string>($"async () => await (await fetch('/api/approvals/{studio.Approval(1)}/review')).text()"))!["digest"]!.GetValue<string>();
        await Expect(dialog).ToContainTextAsync($"sha256:{digest}");
        await Expect(dialog).ToContainTextAsync("Paper");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Back" }).First).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Reject", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Rejected" })).ToBeVisibleAsync();
        await Expect(page.Locator(".decided")).ToContainTextAsync("<script>alert(1)</script> \\u{202e}gnp");
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Approve") })).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator($"section:has(#decided-h) a.ask[href='/dashboard/{studio.Approval(1)}']")).ToContainTextAsync("Rejected");
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_vote_on_evidence_that_changed_turns_the_digest_red_and_keeps_the_reason()
    {
        await using Tab tab = await studio.OpenAsync($"/dashboard/{studio.Approval(2)}");
        IPage page = tab.Page;
        ILocator reason = page.GetByRole(AriaRole.Textbox, new() { NameRegex = new("^Reason") });
        await reason.FillAsync(Reason);
        await page.GetByRole(AriaRole.Checkbox).CheckAsync();
        string request = await page.EvaluateAsync<string>($"async () => await (await fetch('/api/approvals/{studio.Approval(2)}')).text()");
        string path = JsonNode.Parse(request)!["subject"]!["evidence"]!.AsArray().Select(f => f!["path"]!.GetValue<string>()).Single(p => p.EndsWith("/evidence.json", StringComparison.Ordinal));
        string file = Path.Combine(studio.Data, path);
        byte[] before = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(file, " ", TestContext.Current.CancellationToken);
        try
        {
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Approve") }).ClickAsync();
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
            await Expect(page.Locator(".dig[data-state='changed']")).ToBeVisibleAsync();
            await Expect(page.Locator(".moved")).ToContainTextAsync("evidence.json");
            await Expect(page.Locator(".barred")).ToContainTextAsync("You have no vote here.");
            await Expect(page.Locator(".kept")).ToContainTextAsync("Only for paper");
        }
        finally
        {
            await File.WriteAllBytesAsync(file, before, TestContext.Current.CancellationToken);
        }

        // Once the file is as it was, the vote is possible again and nothing has to be typed anew.
        await page.GetByRole(AriaRole.Button, new() { Name = "Look again" }).ClickAsync();
        await Expect(page.Locator(".dig[data-state='ok']")).ToBeVisibleAsync();
        await Expect(reason).ToHaveValueAsync(Reason);
        await Expect(page.GetByRole(AriaRole.Checkbox)).Not.ToBeCheckedAsync();
        string state = await page.EvaluateAsync<string>($"async () => (await (await fetch('/api/approvals/{studio.Approval(2)}')).json()).state.status");
        state.Should().Be("PENDING_APPROVAL", "nothing was decided");
    }

    [Fact]
    public async Task A_viewer_reads_everything_and_is_told_why_they_cannot_approve()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        using (ProgramProcess add = ProgramProcess.Start("users", "add", "vera", "--role", "viewer", "--reason", "to look", "--data", studio.Data))
        {
            await add.EndAsync(ServedStudio.Soon, ct);
        }

        using ProgramProcess link = ProgramProcess.Start("users", "link", "vera", "--reason", "to look", "--data", studio.Data, "--output", "json");
        await link.EndAsync(ServedStudio.Soon, ct);
        string token = Regex.Match(link.Out, "token=([0-9A-Za-z_-]+)").Groups[1].Value;
        token.Should().NotBeEmpty(link.Out + link.Error);
        string person = await studio.SignInAsync(new Uri(studio.Address, $"/sign-in?token={token}").AbsoluteUri);
        await using Tab tab = await studio.OpenAsync($"/dashboard/{studio.Approval(2)}", person: person);
        await Expect(tab.Page.Locator(".barred")).ToContainTextAsync("vera has the role viewer");
        await Expect(tab.Page.Locator(".kpis")).ToBeVisibleAsync();
        foreach (ILocator button in await tab.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Approve|Reject)") }).AllAsync())
        {
            await Expect(button).ToBeDisabledAsync();
        }

        int status = await tab.Page.EvaluateAsync<int>(
            """
            async (id) => (await fetch('/api/production/approve', { method: 'POST', headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify({ action: 'approve', notes: 'all the same', bundle_hash: 'x', approval: id }) })).status
            """, studio.Approval(2));
        status.Should().Be(403);
    }

    [Fact]
    public async Task An_approval_from_a_phone_goes_through_a_sheet_and_starts_the_deployment()
    {
        await using Tab desk = await studio.OpenAsync($"/dashboard/{studio.Approval(0)}");
        await using Tab tab = await studio.OpenAsync($"/dashboard/{studio.Approval(0)}", "light", 390, 844);
        IPage page = tab.Page;
        await page.Locator(".vote-bar").GetByRole(AriaRole.Button, new() { Name = "Approve…" }).ClickAsync();
        ILocator sheet = page.GetByRole(AriaRole.Dialog);
        ILocator approve = sheet.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true });
        await Expect(approve).ToBeDisabledAsync();
        await Expect(sheet).ToContainTextAsync("sha256:");
        await sheet.GetByRole(AriaRole.Textbox).FillAsync("Paper only, look again after 30 trades.");
        await sheet.GetByRole(AriaRole.Checkbox).CheckAsync();
        await approve.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Approved", Exact = true })).ToBeVisibleAsync();
        await Expect(page.Locator(".decided")).ToContainTextAsync("self approved: not enough for live");
        // The other browser learns of it without being asked.
        await Expect(desk.Page.GetByRole(AriaRole.Heading, new() { Name = "Approved", Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        tab.Complaints.Should().BeEmpty();
    }
}
