using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Sigmatiq.Tests.Studio.DesignerPage;

namespace Sigmatiq.Tests.Studio;

/// <summary>Before a version is saved the designer names whom it touches: its schedule, other workflows, and what stays on the version it began with.</summary>
[Collection(nameof(DesignedStudio))]
public sealed class DesignerSaveTests(DesignedStudio studio)
{
    [Fact]
    public async Task Saving_names_the_schedule_the_workflows_that_run_it_or_wait_for_it_and_the_runs_and_backfills_that_stay()
    {
        await using Tab tab = await studio.OpenAsync("/workflows");
        IPage page = tab.Page;
        (await SaveAsync(page, """
            workflow: touched
            version: 1.0.0
            summary: Waits for a month
            schedule: { cron: "30 18 * * 1-5", zone: America/New_York }
            steps:
              wait: { uses: wait.until, with: { after: 30d } }
            """, null)).Should().Be(201);
        (await SaveAsync(page, """
            workflow: above
            version: 1.0.0
            summary: Runs it
            schedule: { cron: "0 20 * * 5", zone: America/New_York }
            steps:
              look: { uses: workflows.upstream, with: { workflow: touched, not_older_than: 7d } }
              run: { uses: workflow, needs: [look], with: { workflow: touched } }
              old: { uses: workflow, needs: [run], with: { workflow: touched@1.0.0 } }
            """, null)).Should().Be(201);
        JsonNode begun = JsonNode.Parse(await page.EvaluateAsync<string>(
            """
            async () => {
              const ask = async (path, body) => (await fetch("/api" + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).json();
              const stretch = { from: "2026-01-05", to: "2026-01-07" };
              const preview = await ask("/workflows/touched/backfill/preview", stretch);
              const backfill = await ask("/workflows/touched/backfill", { ...stretch, token: preview.token, reason: "a test" });
              return JSON.stringify({ run: await ask("/workflows/touched/trigger", { parameters: {} }), preview, backfill });
            }
            """))!;
        try
        {
            begun["preview"]!["count"]!.GetValue<int>().Should().Be(3, begun.ToJsonString());
            await page.GotoAsync("/workflows/touched/edit?sel=wait");
            await page.Locator("#f-steps-wait-with-after").FillAsync("60d");
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "No problems" })).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("Control+s");
            ILocator dialog = page.GetByRole(AriaRole.Dialog), effects = dialog.Locator(".effects").First, stays = dialog.Locator(".effects.stays");
            await Expect(effects).ToContainTextAsync("Its schedule 30 18 * * 1-5 in America/New_York starts this version from then on.");
            await Expect(effects).ToContainTextAsync("above runs it in step run and takes the new version from its next run on (it starts at 20:00, Fri)");
            await Expect(effects).ToContainTextAsync("above waits for it in step look, whatever version has run");
            await Expect(stays).ToContainTextAsync("above names 1.0.0 in step old and goes on with it.");
            await Expect(stays).ToContainTextAsync("of 1.0.0 go");
            await Expect(stays).ToContainTextAsync("goes on with 1.0.0: 3 of 3 fires are to come.");
            await PictureAsync(page, "designer-save");
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Save 1.1.0" }).ClickAsync();
            await Expect(page.GetByText("Saved touched 1.1.0.")).ToBeVisibleAsync();
        }
        finally
        {
            // Others look at this store after it.
            await page.EvaluateAsync(
                """
                async () => {
                  for (const run of await (await fetch("/api/runs?workflow=touched&limit=20")).json())
                    await fetch(`/api/runs/${run.id}/cancel`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ reason: "a test" }) });
                }
                """);
        }
    }
}
