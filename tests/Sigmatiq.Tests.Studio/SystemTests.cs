using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>Whether the platform is well, who may do what, and who did what.</summary>
[Collection(nameof(OperatedStudio))]
public sealed class SystemTests(OperatedStudio studio)
{
    [Fact]
    public async Task The_system_shows_its_health_its_room_and_a_backup_that_is_made_from_there()
    {
        await using Tab tab = await studio.OpenAsync("/system");
        IPage page = tab.Page;
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Health" })).ToContainTextAsync("Well");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Program and store" })).ToContainTextAsync("SQLite, local");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Room by folder" })).ToContainTextAsync("bars");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Nodes" })).ToContainTextAsync("A local store has one process");
        ILocator backups = page.GetByRole(AriaRole.Region, new() { Name = "Backups" });
        await backups.GetByRole(AriaRole.Button, new() { Name = "Make a backup…" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("With the bars").UncheckAsync();
        await Expect(dialog).ToContainTextAsync("Bars are left out");
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("before the update");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
        await Expect(backups).ToContainTextAsync("Ready");
        await Expect(backups).ToContainTextAsync(new Regex(@"sigmatiq-\d{8}-\d{6}\.tar\.gz"));
        await Expect(backups).ToContainTextAsync("before the update");
        Directory.GetFiles(studio.Backups, "*.tar.gz").Should().ContainSingle();
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_user_is_added_their_link_signs_them_in_once_and_disabled_they_are_shut_out()
    {
        await using Tab tab = await studio.OpenAsAsync("admin", "/system/users");
        IPage page = tab.Page;
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a user…" }).ClickAsync();
        await dialog.GetByLabel("Id", new() { Exact = true }).FillAsync("ana");
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync("Ana Ruiz");
        await dialog.GetByLabel("Role", new() { Exact = true }).SelectOptionAsync("researcher");
        await Expect(dialog).ToContainTextAsync("runs sweeps, trainings and workflows");
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("joins the desk");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.Locator("#u-ana")).ToContainTextAsync("researcher");
        await Expect(page).ToHaveURLAsync(new Regex("sel=ana"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign-in link…" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("first sign-in");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        string link = await page.GetByTestId("secret").InnerTextAsync();
        link.Should().StartWith(studio.Address.GetLeftPart(UriPartial.Authority) + "/sign-in?token=");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have kept it" }).ClickAsync();
        await Expect(page.GetByTestId("secret")).ToHaveCountAsync(0);

        string session = await studio.SignInAsync(link);
        await using Tab ana = await studio.OpenAsync("/schedules", person: session);
        await Expect(ana.Page.Locator(".foot")).ToContainTextAsync("Ana Ruiz");
        await using Tab again = await studio.OpenAsync(link[link.IndexOf("/sign-in", StringComparison.Ordinal)..], person: """{"cookies":[],"origins":[]}""");
        await Expect(again.Page.Locator("body")).ToContainTextAsync("This link has been used");

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Ana Ruiz" })).ToContainTextAsync("Since");
        await page.GetByRole(AriaRole.Button, new() { Name = "Disable…" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("1 open session ends at once");
        await LookTests.SeeAsync(page, "user-disable");
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("lost her laptop");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Disable", Exact = true }).ClickAsync();
        await Expect(page.Locator("#u-ana")).ToContainTextAsync("Disabled");
        await ana.Page.GotoAsync("/schedules");
        await Expect(ana.Page.Locator("body")).ToContainTextAsync("one-time link");
        await Expect(ana.Page.GetByRole(AriaRole.Heading, new() { Name = "Schedules" })).ToHaveCountAsync(0);
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_key_is_shown_once_lets_its_program_in_and_revoked_no_more()
    {
        await using Tab tab = await studio.OpenAsync("/system/keys");
        IPage page = tab.Page;
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a key…" }).ClickAsync();
        await dialog.GetByLabel("What it is for", new() { Exact = true }).FillAsync("nightly <b>sweeps</b>");
        await dialog.GetByLabel("Days", new() { Exact = true }).FillAsync("30");
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("cron on node 3");
        await Expect(dialog).ToContainTextAsync("A program with it may look, as far as you may.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        string secret = await page.GetByTestId("secret").InnerTextAsync();
        secret.Should().StartWith("sgq_");
        await LookTests.SeeAsync(page, "key-made");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).ClickAsync();
        await Tab.HoldsAsync(async () => (await page.EvaluateAsync<string>("() => navigator.clipboard.readText()")).Should().Be(secret));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I have kept it" }).ClickAsync();
        ILocator row = page.Locator("table.keys tbody tr").Filter(new() { HasText = "nightly <b>sweeps</b>" });
        await Expect(row).ToContainTextAsync("Active");
        await page.ReloadAsync();
        await Expect(row).ToContainTextAsync("never");
        (await page.ContentAsync()).Should().NotContain(secret, "it is shown once");

        using HttpClient program = new() { BaseAddress = studio.Address };
        program.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        (await program.GetAsync("/api/workflows", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        await row.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Revoke") }).ClickAsync();
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("node 3 is gone");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await Expect(row).ToContainTextAsync("Revoked");
        (await program.GetAsync("/api/workflows", TestContext.Current.CancellationToken)).StatusCode.Should().Be(System.Net.HttpStatusCode.Unauthorized);
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task The_record_is_filtered_opened_and_verified_and_a_broken_link_leads_to_its_first_bad_entry()
    {
        await studio.CommandAsync("workflows", "pause", "weekly_digest", "--reason", "for the record");
        await studio.CommandAsync("workflows", "unpause", "weekly_digest", "--reason", "for the record too");
        await using Tab tab = await studio.OpenAsync("/system/audit");
        IPage page = tab.Page;
        ILocator records = page.Locator("ol.audit > li");
        await Expect(records.First).ToContainTextAsync("schedule.unpaused");
        await page.GetByLabel("What").FillAsync("schedule.paused");
        await Expect(records.First).ToContainTextAsync("for the record");
        await Expect(page).ToHaveURLAsync(new Regex("f=action"));
        await records.First.GetByRole(AriaRole.Button).First.ClickAsync();
        await Expect(records.First).ToContainTextAsync("Hash");
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify the chain" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status, new() { Name = "Verdict" })).ToContainTextAsync(new Regex("Intact.*records"));

        await page.RouteAsync("**/api/audit/verify", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = """{"intact":false,"records":2,"head_seq":2,"head_hash":"00","first_break":{"code":"STO-4001","message":"It was rewritten.","where":"audit record 1","remedy":"Compare with a backup."},"forged":[]}""",
        }));
        await page.GetByLabel("What").FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify the chain" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert, new() { Name = "Verdict" })).ToContainTextAsync("audit record 1");
        await Expect(page.Locator("li.broken#a-1")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Who_does_not_administer_reads_why_they_cannot_decide_about_users_and_ends_their_own_sessions_all_the_same()
    {
        await using Tab tab = await studio.OpenAsAsync("researcher", "/system/users?sel=operator");
        IPage page = tab.Page;
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Add a user…" })).ToBeDisabledAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Disable…" })).ToBeDisabledAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("Your role researcher may not. An admin may.");
        await page.GetByRole(AriaRole.Button, new() { Name = "The researcher" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "The researcher" })).ToContainTextAsync("this one");
        await page.GotoAsync("/system");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Make a backup…" })).ToHaveAttributeAsync("title", "Your role researcher may not. An operator or an admin may.");
        tab.Complaints.Should().BeEmpty();
    }
}
