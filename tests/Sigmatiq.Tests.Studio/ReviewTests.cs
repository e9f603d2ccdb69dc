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
    public async Task A_trade_tells_the_bar_the_rules_with_their_values_the_score_and_how_it_ended()
    {
        await using Tab tab = await studio.OpenAsync($"/dashboard/{studio.Approval(2)}");
        IPage page = tab.Page;
        ILocator known = page.Locator("section.known"), side = page.Locator(".tr-side");
        await Expect(known).ToBeVisibleAsync();
        int trades = await page.Locator(".trades-t tbody tr").CountAsync();
        await Expect(side.Locator("h3")).ToContainTextAsync($"Trade {trades}", new() { UseInnerText = true });
        HashSet<string> endings = [];
        for (int trade = 1; trade <= trades; trade++)
        {
            // By keyboard alone: the number of a trade is a button.
            ILocator pick = page.GetByRole(AriaRole.Button, new() { Name = $"Trade {trade}", Exact = true });
            await pick.FocusAsync();
            await pick.PressAsync("Enter");
            await Expect(known).ToHaveAttributeAsync("aria-label", $"What was known of trade {trade}");
            JsonNode told = JsonNode.Parse(await page.EvaluateAsync<string>($"async () => await (await fetch('/api/approvals/{studio.Approval(2)}/review/trades/{trade}')).text()"))!;
            JsonNode entry = told["entry"]!, exit = told["exit"]!;
            await Expect(side).ToContainTextAsync(entry["close"]!.GetValue<double>().ToString("0.00", System.Globalization.CultureInfo.InvariantCulture));
            await Expect(side.GetByRole(AriaRole.Img, new() { NameRegex = new("^Score ") })).ToHaveAttributeAsync("aria-label", new Regex($"^Score {told["score"]!.GetValue<double>():0.00}, at least 0\\.[0-9]+ wanted$"));
            await Expect(side).ToContainTextAsync("Calibrated probability of the trained model");

            ILocator lines = known.Locator(".known-col").Nth(0).Locator(".known-part");
            await Expect(lines.First).ToContainTextAsync("Relative Strength Index is above 50 and below 70");
            await Expect(lines.Nth(1).Locator("b")).ToHaveTextAsync(Five(entry["lines"]![0]!["parts"]![0]!["sides"]![0]!["value"]!.GetValue<double>()));
            (await lines.EvaluateAllAsync<bool>("parts => parts.every(p => p.dataset.holds === 'true')")).Should().BeTrue("every entry rule held");
            await Expect(known.Locator(".known-col").Nth(2).Locator(".known-values > div")).ToHaveCountAsync(told["features"]!.AsArray().Count);
            ILocator ended = known.Locator(".known-col").Nth(1);
            bool isRule = exit["lines"]!.AsArray().Count > 0;
            await Expect(ended.Locator("h3")).ToHaveTextAsync(new Regex(isRule ? "^Exit, one of these held$" : "^Exit (at a level|without a rule)$"));
            (await ended.Locator(".known-lines > li > .known-part[data-holds='true']").CountAsync()).Should().Be(exit["lines"]!.AsArray().Count(l => l!["holds"]?.GetValue<bool>() == true));
            endings.Add(isRule ? "rule" : "level");
        }

        endings.Should().Contain("rule");
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Evidence_of_before_decisions_were_kept_says_so_and_shows_the_rules()
    {
        await using Tab tab = await studio.OpenAsync("/");
        IPage page = tab.Page;
        await page.RouteAsync("**/review/trades/*", async route =>
        {
            IAPIResponse answer = await route.FetchAsync();
            JsonNode told = JsonNode.Parse(await answer.TextAsync())!;
            (told["is_kept"], told["entry"], told["exit"], told["score"], told["threshold"], told["features"]) = (false, null, null, null, null, new JsonArray());
            await route.FulfillAsync(new() { Response = answer, Body = told.ToJsonString() });
        });
        await page.GotoAsync($"/dashboard/{studio.Approval(2)}?focus=trade:1");
        await Expect(page.Locator(".known-none")).ToContainTextAsync("made before the values of single decisions were kept");
        await Expect(page.Locator(".tr-side")).ToContainTextAsync("rsi > 50 AND rsi < 70");
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task What_changed_since_the_approved_version_stands_line_by_line_in_the_texts()
    {
        await using Tab tab = await studio.OpenAsync("/dashboard");
        IPage page = tab.Page;
        await AskAsync(page, new { ticker = "TECH.SYN", confidence = "rule", select = 1, pack = "swingsigma@1.0.0" }, approve: true);
        string second = await AskAsync(page, new { ticker = "TECH.SYN", confidence = "rule", select = 1, set = new { rsi_period = 21 } }, approve: false);

        await page.GotoAsync($"/dashboard/{second}");
        ILocator changes = page.Locator("#changes");
        await Expect(changes).ToContainTextAsync("swingsigma@1.0.0");
        ILocator model = changes.Locator("details").Filter(new() { HasText = "Model config and combo" });
        await Expect(model).ToContainTextAsync("added");
        if (await model.GetAttributeAsync("open") is null)
        {
            await model.Locator("summary").FocusAsync();
            await page.Keyboard.PressAsync("Enter");
        }

        await Expect(model.Locator(".yd-l.del").Filter(new() { HasText = "pack_version: \"1.0.0\"" })).ToBeVisibleAsync();
        await Expect(model.Locator(".yd-l.add").Filter(new() { HasText = "pack_version: \"1.1.0\"" })).ToBeVisibleAsync();
        await Expect(model.Locator(".yd-l.add").Filter(new() { HasText = "21" }).First).ToBeVisibleAsync();
        await Expect(changes.Locator("details").Filter(new() { HasText = "pack.yaml" })).ToHaveCountAsync(1);
        await Expect(changes.Locator(".text-same").Filter(new() { HasText = "lifecycle 1.0.0" })).ToContainTextAsync("the same");
        await LookTests.ScrollToAsync(page, "#changes");
        await LookTests.SeeAsync(page, "changes-dark-1440");
        await using Tab phone = await studio.OpenAsync($"/dashboard/{second}", "light", 390, 844);
        await Expect(phone.Page.Locator("#changes details").First).ToBeVisibleAsync();
        await LookTests.ScrollToAsync(phone.Page, "#changes");
        await LookTests.SeeAsync(phone.Page, "changes-light-390");
        tab.Complaints.Should().BeEmpty();
        phone.Complaints.Should().BeEmpty();
    }

    // Runs a lifecycle to its request, and through its vote where it is to be approved.
    private static async Task<string> AskAsync(IPage page, object parameters, bool approve)
    {
        string run = await page.EvaluateAsync<string>(
            """
            async (body) => (await (await fetch("/api/workflows/lifecycle/trigger", { method: "POST", headers: { "content-type": "application/json" }, body })).json()).id
            """, System.Text.Json.JsonSerializer.Serialize(new { parameters }));
        string approval = $"apr_{run[^12..]}";
        await UntilAsync(page, "async (id) => (await (await fetch('/api/approvals/inbox')).json()).some(a => a.id === id)", approval);
        if (approve)
        {
            await page.EvaluateAsync(
                """
                async (id) => {
                  const asked = await (await fetch(`/api/approvals/${id}`)).json();
                  await fetch("/api/production/approve", { method: "POST", headers: { "Content-Type": "application/json" },
                    body: JSON.stringify({ action: "approve", notes: "Only for paper, and against the gates if they object.", bundle_hash: asked.state.bundle_hash, digest: asked.state.digest, approval: id }) });
                }
                """, approval);
            await UntilAsync(page, "async (run) => (await (await fetch(`/api/runs/${run}`)).json()).status === 'completed'", run);
        }

        return approval;
    }

    private static async Task UntilAsync(IPage page, string holds, string of)
    {
        for (int tries = 0; !await page.EvaluateAsync<bool>(holds, of); tries++)
        {
            tries.Should().BeLessThan(360, $"{of} comes to it within three minutes");
            await page.WaitForTimeoutAsync(500);
        }
    }

    // An index from 0 to 100 as the page shows it: 61.342.
    private static string Five(double value) => double.Parse(value.ToString("G5", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture)
        .ToString("0.##########", System.Globalization.CultureInfo.InvariantCulture);

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
        await Expect(desk.Page.GetByRole(AriaRole.Heading, new() { Name = "Approved", Exact = true })).ToBeVisibleAsync();
        tab.Complaints.Should().BeEmpty();
    }
}
