using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>Did it learn, and is it calibrated: started from a combo, watched through its steps, read, published and discarded.</summary>
[Collection(nameof(BuiltStudio))]
public sealed class TrainingTests(BuiltStudio studio)
{
    private static readonly LocatorAssertionsToContainTextOptions Long = new() { Timeout = 120_000 };

    [Fact]
    public async Task A_training_is_started_from_a_combo_watched_through_its_steps_read_and_discarded()
    {
        await using Tab tab = await studio.OpenAsync("/training");
        IPage page = tab.Page;
        await Expect(page.Locator("table.train-t")).ToContainTextAsync("train_002");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start a training…" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.Locator(".tcombos label")).Not.ToHaveCountAsync(0);
        foreach (ILocator ticked in await dialog.Locator(".tcombos input:checked").AllAsync())
        {
            await ticked.UncheckAsync();
        }

        await Expect(dialog.Locator(".effects").First).ToContainTextAsync("Nothing is trained until a combo is selected");

        // The third by rank, which the lifecycle has not trained.
        ILocator third = dialog.Locator(".tcombos label").Nth(2);
        string combo = Regex.Match(await third.InnerTextAsync(), "^\\s*(\\d+)").Groups[1].Value;
        await third.GetByRole(AriaRole.Checkbox).CheckAsync();
        await Expect(dialog.Locator(".effects").First).ToContainTextAsync($"1 training begins, one trained model comes of combo {combo}.");
        await LookTests.SeeAsync(page, "training-start-dark-1440");
        ILocator go = dialog.GetByRole(AriaRole.Button, new() { NameRegex = new("^Train") });
        await go.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/training/train_\\d+"));
        string job = Regex.Match(page.Url, "train_\\d+").Value;
        ILocator steps = page.Locator(".tsteps li");
        await Expect(steps).ToHaveCountAsync(5);
        await Expect(steps.Nth(0)).ToContainTextAsync("Prepare the data");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Steps" })).ToContainTextAsync("5 of 5 done", Long);
        await Expect(steps.Nth(4).Locator(".tdur")).ToContainTextAsync(new Regex("\\d (ms|s)"));

        // What is read is what the store holds, once the model is kept, a moment after its last step.
        await Expect(page.Locator("#reliability .brier")).ToBeVisibleAsync();
        JsonNode stored = JsonNode.Parse(await page.EvaluateAsync<string>($"async () => await (await fetch('/api/training/{job}/results')).text()"))!["results"]!;
        await Expect(page.Locator("#reliability .brier")).ToContainTextAsync(stored["calibration_report"]!["brier_before"]!.GetValue<double>().ToString("0.0000", CultureInfo.InvariantCulture));
        await Expect(page.Locator("#reliability .brier")).ToContainTextAsync(stored["calibration_report"]!["brier_after"]!.GetValue<double>().ToString("0.0000", CultureInfo.InvariantCulture));
        int filled = stored["calibration_report"]!["reliability_after"]!.AsArray().Count(b => b!["count"]!.GetValue<int>() > 0);
        await Expect(page.Locator(".rel-after .rel-dot")).ToHaveCountAsync(filled);
        ILocator auc = page.Locator("#scores tr", new() { HasText = "AUC" });
        await Expect(auc).ToContainTextAsync(Two(stored["metrics"]!["validation"]!["auc_roc"]!));
        await Expect(auc).ToContainTextAsync(Two(stored["metrics"]!["cross_validation"]!["auc_roc"]!["mean"]!));
        await Expect(page.Locator("#inputs tbody tr").First).ToContainTextAsync(stored["importance"]![0]!["feature"]!.GetValue<string>());
        await Expect(page.Locator("#verdict")).ToContainTextAsync("on the hold-out");
        await Expect(page.Locator("#lineage")).ToContainTextAsync("swingsigma 1.1.0");
        await Expect(page.Locator("#lineage")).ToContainTextAsync("synthetic");

        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("Shift+D");
        await Expect(dialog).ToContainTextAsync("Its files are deleted");
        ILocator discard = dialog.GetByRole(AriaRole.Button, new() { Name = "Discard", Exact = true });
        await Expect(discard).ToBeDisabledAsync();
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("no better than the other");
        await discard.ClickAsync();
        await Expect(page.Locator(".decided-c")).ToContainTextAsync("Discarded");
        await Expect(page.Locator(".decided-c")).ToContainTextAsync("no better than the other");
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_trained_model_is_published_with_a_reason_and_a_viewer_sees_why_they_cannot()
    {
        await using (Tab looker = await studio.OpenAsAsync("viewer", "/training"))
        {
            await Expect(looker.Page.GetByRole(AriaRole.Button, new() { Name = "Start a training…" })).ToBeDisabledAsync();
            await looker.Page.GetByRole(AriaRole.Link, new() { Name = "trained_001" }).ClickAsync();
            await Expect(looker.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Publish") })).ToBeDisabledAsync();
            await Expect(looker.Page.Locator("#decide-why")).ToHaveTextAsync("Your role viewer may not. An operator or an admin may.");
        }

        await using Tab tab = await studio.OpenAsync("/training");
        IPage page = tab.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "trained_001" }).ClickAsync();
        await Expect(page.Locator("#decide-why")).ToContainTextAsync("needs a reason");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Publish") }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("below 0.05 is asked for");
        await LookTests.SeeAsync(page, "publish-dark-1440");
        ILocator publish = dialog.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true });
        await Expect(publish).ToBeDisabledAsync();
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("for paper alone, to see it trade");
        await publish.ClickAsync();
        await Expect(page.Locator(".decided-c")).ToContainTextAsync("Published");
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Discard") })).ToHaveCountAsync(0);
        JsonNode stored = JsonNode.Parse(await page.EvaluateAsync<string>("async () => await (await fetch('/api/trained-models/mkt-syn_momentum_swing_swingsigma-1-1-0_trained_001')).text()"))!;
        (stored["state"]!.GetValue<string>(), stored["decision_reason"]!.GetValue<string>()).Should().Be(("published", "for paper alone, to see it trade"));
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Too_few_rows_say_how_many_there_are_how_many_it_takes_and_how_to_get_them()
    {
        await using Tab tab = await studio.OpenAsync("/");
        IPage page = tab.Page;

        // The refusal is the trainer's own, word for word; a store where it happens would take minutes to make.
        await page.RouteAsync("**/api/training/train_001", async route =>
        {
            IAPIResponse answer = await route.FetchAsync();
            JsonNode job = JsonNode.Parse(await answer.TextAsync())!;
            (job["status"], job["trained_model_id"], job["evidence_only"]) = ("failed", null, true);
            job["problem"] = new JsonObject
            {
                ["code"] = "TRN-1004", ["message"] = "The selection window has 62 labelled rows, 40 of them gains; 100 rows with both kinds are needed.", ["where"] = "mine",
                ["remedy"] = "Use a longer date range or shorter bars.",
            };
            await route.FulfillAsync(new() { Response = answer, Body = job.ToJsonString() });
        });
        await page.GotoAsync("/training/train_001");
        await Expect(page.Locator(".error")).ToContainTextAsync("TRN-1004");
        await Expect(page.Locator(".short")).ToContainTextAsync(new Regex("Have\\s*62 labelled rows"));
        await Expect(page.Locator(".short")).ToContainTextAsync(new Regex("Need\\s*100"));
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Plan a longer sweep" })).ToBeVisibleAsync();
        await Expect(page.Locator("[data-evidence-only]")).ToContainTextAsync("gate failed, evidence only");
    }

    private static string Two(JsonNode value) => value.GetValue<double>().ToString("0.00", CultureInfo.InvariantCulture);
}
