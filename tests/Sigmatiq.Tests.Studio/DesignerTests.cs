using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Sigmatiq.Tests.Studio.DesignerPage;

namespace Sigmatiq.Tests.Studio;

/// <summary>The designer: a workflow drawn by keyboard and by mouse, saved, listed and started; what keeps it from being saved stands at its place.</summary>
[Collection(nameof(DesignedStudio))]
public sealed class DesignerTests(DesignedStudio studio)
{
    [Fact]
    public async Task The_eight_stages_are_designed_by_keyboard_alone_saved_found_with_their_schedule_and_started()
    {
        await using Tab tab = await studio.OpenAsync("/workflows");
        IPage page = tab.Page;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Workflows", Exact = true })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("n");
        await Expect(page.GetByLabel("Id", new() { Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("lane_by_keys");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("Bars to paper trading by keyboard");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/workflows/lane_by_keys/edit"));
        await Expect(page.GetByText("No steps yet")).ToBeVisibleAsync();

        await AddAsync(page, "store.bootstrap", "bootstrap");
        await AddAsync(page, "market.align", "align");
        await FillAsync(page, "align", ("with-ticker", "MKT.SYN"), ("with-pack", "swingsigma@1.1.0"));
        await AddAsync(page, "backtest.sweep", "sweep");
        await FillAsync(page, "sweep", ("with-pack", "swingsigma@1.1.0"), ("with-snapshot", "{snap\n"), ("with-last_session", "{steps.align.outputs.last_session}"), ("with-kind", "simple"), ("with-set", "{}"));
        await AddAsync(page, "learning.train", "train");
        await FillAsync(page, "train", ("for_each-in", "{steps.sweep.outputs.best}"), ("for_each-as", "combo"), ("with-sweep", "{steps.sweep.outputs.sweep}"), ("with-combo", "{combo}"));
        await AddAsync(page, "learning.forecast", "forecast");
        await FillAsync(page, "forecast", ("with-sweep", "{steps.sweep.outputs.sweep}"), ("with-models", "{steps.train.outputs.trained_model}"));
        await AddAsync(page, "backtest.evidence", "evidence");
        await FillAsync(page, "evidence", ("with-sweep", "{steps.sweep.outputs.sweep}"), ("with-models", "{steps.train.outputs.trained_model}"), ("with-target", "paper"));
        await AddAsync(page, "approval", "approval");
        await FillAsync(page, "approval", ("with-subject", "{steps.evidence.outputs.request}"), ("with-votes", "[gates, person]"));
        await page.Keyboard.PressAsync("F2");
        await page.Keyboard.TypeAsync("approve");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Node(page, "approve")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await AddAsync(page, "trading.deploy", "deploy");
        await FillAsync(page, "deploy", ("with-approval", "{steps.approve.outputs.approval}"), ("with-sweep", "{steps.sweep.outputs.sweep}"), ("with-model", "{steps.evidence.outputs.trained_model}"), ("with-mode", "paper"),
            ("when", "steps.approve.outputs.decision == \"approved\""));
        await AddAsync(page, "trading.monitor", "monitor");
        await FillAsync(page, "monitor", ("with-deployment", "{steps.deploy.outputs.deployment}"));
        await Expect(page.Locator(".react-flow__node")).ToHaveCountAsync(9);
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(Node(page, "deploy")).ToBeFocusedAsync();
        await Expect(Node(page, "deploy")).ToHaveAttributeAsync("aria-label", "deploy, trading deploy, needs approve, leads to monitor, 8 of 9");

        // The schedule is a field of the workflow itself.
        await page.Keyboard.PressAsync("x");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#f-summary")).ToBeFocusedAsync();
        await TypeAtAsync(page, "f-schedule-cron", "30 18 * * 1-5");
        await TypeAtAsync(page, "f-schedule-zone", "America/New_York");
        await Expect(page.GetByText("at 18:30, Mon to Fri")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "No problems" })).ToBeVisibleAsync();
        await Expect(page.Locator(".sb .hash")).ToContainTextAsync("sha256:");
        await PictureAsync(page, "designer-lane");

        await page.Keyboard.PressAsync("Control+s");
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("A new workflow with 9 steps.");
        await Expect(dialog).ToContainTextAsync("30 18 * * 1-5");
        await Expect(dialog.GetByLabel("Note")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("drawn by keyboard");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Saved lane_by_keys 1.0.0.")).ToBeVisibleAsync();
        (await File.ReadAllTextAsync(Path.Combine(studio.Files, "lane_by_keys.1.0.0.yaml"), TestContext.Current.CancellationToken)).Should().Contain("needs: [approve]").And.Contain("{steps.align.outputs.snapshot}");

        await page.GotoAsync("/workflows?sel=lane_by_keys");
        await Expect(page.Locator("#w-lane_by_keys")).ToContainTextAsync("at 18:30, Mon to Fri");
        await page.Keyboard.PressAsync("t");
        await Expect(dialog).ToContainTextAsync("with 9 steps");
        await page.Keyboard.PressAsync("Tab");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Start" }).PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/runs/run_"));
        await Expect(page.Locator(".react-flow__node[data-id='bootstrap'] .is-succeeded")).ToHaveCountAsync(1, new() { Timeout = 180_000 });
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task The_eight_stages_are_designed_by_mouse_and_an_edge_that_would_close_a_circle_cannot_be_drawn()
    {
        await using Tab tab = await studio.OpenAsync("/workflows/new");
        IPage page = tab.Page;
        await page.GetByLabel("Id", new() { Exact = true }).FillAsync("lane_by_mouse");
        await page.GetByLabel("Summary").FillAsync("Bars to paper trading by mouse");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open the designer" }).ClickAsync();
        await Expect(page.GetByText("No steps yet")).ToBeVisibleAsync();

        // Dragged onto the canvas they stand alone; a line from port to step connects them.
        ILocator canvas = page.Locator(".cv .react-flow__pane");
        await PaletteItem(page, "Bootstrap").DragToAsync(canvas, new() { TargetPosition = new() { X = 300, Y = 60 } });
        await PaletteItem(page, "Align").DragToAsync(canvas, new() { TargetPosition = new() { X = 300, Y = 260 } });
        await Expect(page.Locator(".react-flow__edge")).ToHaveCountAsync(0);
        await DrawAsync(page, "bootstrap", "align");
        await Expect(page.Locator(".react-flow__edge[data-id='bootstrap>align']")).ToHaveCountAsync(1);
        await SetAsync(page, "align", ("with-ticker", "MKT.SYN"), ("with-pack", "swingsigma@1.1.0"));

        // What a click adds needs the step that is chosen.
        await PaletteItem(page, "Sweep").ClickAsync();
        await SetAsync(page, "sweep", ("with-pack", "swingsigma@1.1.0"), ("with-snapshot", "{steps.align.outputs.snapshot}"), ("with-last_session", "{steps.align.outputs.last_session}"), ("with-kind", "simple"), ("with-set", "{}"));
        await PaletteItem(page, "Train").ClickAsync();
        await SetAsync(page, "train", ("for_each-in", "{steps.sweep.outputs.best}"), ("for_each-as", "combo"), ("with-sweep", "{steps.sweep.outputs.sweep}"), ("with-combo", "{combo}"));
        await PaletteItem(page, "Forecast").ClickAsync();
        await SetAsync(page, "forecast", ("with-sweep", "{steps.sweep.outputs.sweep}"), ("with-models", "{steps.train.outputs.trained_model}"));
        await PaletteItem(page, "Evidence").ClickAsync();
        await SetAsync(page, "evidence", ("with-sweep", "{steps.sweep.outputs.sweep}"), ("with-models", "{steps.train.outputs.trained_model}"), ("with-target", "paper"));
        await PaletteItem(page, "Approval").ClickAsync();
        await SetAsync(page, "approval", ("with-subject", "{steps.evidence.outputs.request}"), ("with-votes", "[gates, person]"));
        await PaletteItem(page, "Deploy").ClickAsync();
        await SetAsync(page, "deploy", ("with-approval", "{steps.approval.outputs.approval}"), ("with-sweep", "{steps.sweep.outputs.sweep}"), ("with-model", "{steps.evidence.outputs.trained_model}"), ("with-mode", "paper"),
            ("when", "steps.approval.outputs.decision == \"approved\""));
        await PaletteItem(page, "Monitor").ClickAsync();
        await SetAsync(page, "monitor", ("with-deployment", "{steps.deploy.outputs.deployment}"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Tidy" }).ClickAsync();
        await page.Locator(".react-flow__controls-fitview").ClickAsync();

        await Expect(page.Locator(".react-flow__edge[data-id='deploy>monitor']")).ToHaveCountAsync(1);
        int edges = await page.Locator(".react-flow__edge").CountAsync();
        ILocator from = page.Locator(".react-flow__node[data-id='approval'] .fs-out"), to = Node(page, "sweep");
        await from.HoverAsync();
        await page.Mouse.DownAsync();
        LocatorBoundingBoxResult box = (await to.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 60, new() { Steps = 6 });
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 4, new() { Steps = 4 });
        await Expect(page.Locator(".fc-why")).ToContainTextAsync("sweep already leads to approval");
        await Expect(to.Locator(".fs.faded")).ToHaveCountAsync(1);
        await PictureAsync(page, "designer-cannot-connect");
        await page.Mouse.UpAsync();
        await Expect(page.Locator(".react-flow__edge")).ToHaveCountAsync(edges);

        ILocator save = page.Locator(".tb").GetByRole(AriaRole.Button, new() { NameRegex = new("^Save 1.0.0") });
        await Expect(save).ToBeEnabledAsync();
        await save.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save 1.0.0" }).ClickAsync();
        await Expect(page.GetByText("Saved lane_by_mouse 1.0.0.")).ToBeVisibleAsync();
        await page.GotoAsync("/workflows/lane_by_mouse");
        await Expect(page.Locator(".react-flow__node")).ToHaveCountAsync(9);
        await page.GetByRole(AriaRole.Button, new() { Name = "Versions" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("1.0.0") })).ToContainTextAsync("published");
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task An_invalid_edit_cannot_be_saved_and_says_why_at_the_node_the_field_and_the_line()
    {
        await using Tab tab = await SavedAsync("wrong_edit");
        IPage page = tab.Page;
        await Node(page, "report").ClickAsync();
        ILocator field = page.Locator("#f-steps-report-with-title");
        await field.FillAsync("Bars of {steps.align.outputs.tickr}");
        await Expect(Node(page, "report").Locator(".fs-n")).ToHaveTextAsync("1");
        await Expect(Node(page, "report")).ToContainTextAsync("unknown output tickr");
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Locator("#f-steps-report-with-title-e")).ToContainTextAsync("unknown output tickr");
        await Expect(page.Locator(".cm-wrong")).ToContainTextAsync("tickr");
        await Expect(page.Locator(".cm-lintRange-error").First).ToBeVisibleAsync();
        ILocator save = page.Locator(".tb").GetByRole(AriaRole.Button, new() { NameRegex = new("^Save") });
        await Expect(save).ToBeDisabledAsync();
        await Expect(save).ToHaveAttributeAsync("title", "1 problem keeps it from being saved.");
        await page.Keyboard.PressAsync("Control+s");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Problems" })).ToContainTextAsync("WFL-1003");
        await PictureAsync(page, "designer-problem");

        await field.FocusAsync();
        await page.Keyboard.PressAsync("Alt+Enter");
        await Expect(field).ToHaveValueAsync("Bars of {steps.align.outputs.ticker}");
        await Expect(page.Locator(".cm-wrong")).ToHaveCountAsync(0);

        // What the server alone knows keeps it from being saved too.
        await page.Keyboard.PressAsync("Escape");
        await Expect(Node(page, "report")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("x");
        await page.Locator("#f-schedule-cron").FillAsync("61 * * * *");
        await page.Locator("#f-schedule-zone").FillAsync("Atlantis/Capital");
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^2 problems") })).ToBeVisibleAsync();
        await Expect(page.Locator("#f-schedule-zone-e")).ToContainTextAsync("There is no time zone");
        await Expect(save).ToBeDisabledAsync();

        // A text that does not parse leaves the last graph, dimmed.
        await page.Locator(".cm-content").ClickAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync("\n  broken: [");
        await Expect(page.GetByText("The graph shows what it said last.")).ToBeVisibleAsync();
        await Expect(page.Locator(".react-flow__node")).ToHaveCountAsync(3);
        await Expect(save).ToBeDisabledAsync();
        Directory.GetFiles(studio.Files, "wrong_edit.*").Should().HaveCount(1);
    }

    [Fact]
    public async Task Comments_survive_an_edit_of_the_canvas_and_undo_goes_back_over_canvas_form_and_yaml()
    {
        await using Tab tab = await SavedAsync("with_comments");
        IPage page = tab.Page;
        string before = await YamlAsync(page);
        await Node(page, "bootstrap").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("c");
        await page.Keyboard.TypeAsync("report");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".react-flow__edge[data-id='bootstrap>report']")).ToHaveCountAsync(1);
        await Tab.HoldsAsync(async () => (await YamlAsync(page)).Should().Be(before.Replace("    uses: report\n", "    uses: report\n    needs: [bootstrap]\n"), "one line came, and every comment stayed"));

        await Node(page, "align").ClickAsync();
        await page.Locator("#f-steps-align-timeout").FillAsync("20m");
        await Expect(page.Locator(".cm-of-step").First).ToContainTextAsync("# above align");
        await page.Locator(".cm-line", new() { HasText = "summary: Two steps" }).ClickAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.TypeAsync(" and more");
        await Expect(page.Locator(".dn")).ToContainTextAsync("Draft kept");
        await Tab.HoldsAsync(async () => (await YamlAsync(page)).Should().Contain("timeout: 20m").And.Contain("Two steps and more"));

        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.Locator(".cm-content")).Not.ToContainTextAsync("and more");
        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.Locator(".cm-content")).ToContainTextAsync("timeout: 10m");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Locator(".react-flow__edge[data-id='bootstrap>report']")).ToHaveCountAsync(0);
        await Tab.HoldsAsync(async () => (await YamlAsync(page)).Should().Be(before));
        await page.GetByRole(AriaRole.Button, new() { Name = "Redo" }).ClickAsync();
        await Expect(page.Locator(".react-flow__edge[data-id='bootstrap>report']")).ToHaveCountAsync(1);

        // The draft is there when the page is opened again.
        await Expect(page.Locator(".dn")).ToContainTextAsync("Draft kept");
        await page.WaitForTimeoutAsync(2_500);
        await page.ReloadAsync();
        await Expect(page.Locator(".react-flow__edge[data-id='bootstrap>report']")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Diff with 1.0.0") }).ClickAsync();
        await Expect(page.Locator(".react-flow__node[data-id='report'] .fs.changed")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "YAML" }).ClickAsync();
        await Expect(page.Locator(".yd-l.add")).ToHaveTextAsync(new Regex("needs: \\[bootstrap\\]"));
    }

    [Fact]
    public async Task Another_persons_version_leads_to_a_comparison_and_is_never_overwritten()
    {
        await using Tab tab = await SavedAsync("two_people");
        IPage page = tab.Page;
        // Who does not hear of it in time is told by the save itself.
        await page.RouteAsync("**/api/workflows/*/desk", r => r.AbortAsync());
        await Node(page, "align").ClickAsync();
        await page.Locator("#f-steps-align-timeout").FillAsync("20m");
        string theirs = Small.Replace("NAME", "two_people").Replace("1.0.0", "1.1.0").Replace("timeout: 10m", "timeout: 1h");
        (await SaveAsync(page, theirs, "1.0.0")).Should().Be(201);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "No problems" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+s");
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { NameRegex = new("^Save") }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("Nothing was overwritten");
        await Expect(dialog.Locator(".yd-l.del").Filter(new() { HasText = "timeout" })).ToContainTextAsync("timeout: 1h");
        await Expect(dialog.Locator(".yd-l.add").Filter(new() { HasText = "timeout" })).ToContainTextAsync("timeout: 20m");
        await PictureAsync(page, "designer-conflict");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Keep mine, after theirs" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("Save two_people 1.2.0");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save 1.2.0" }).ClickAsync();
        await Expect(page.GetByText("Saved two_people 1.2.0.")).ToBeVisibleAsync();
        (await File.ReadAllTextAsync(Path.Combine(studio.Files, "two_people.1.1.0.yaml"), TestContext.Current.CancellationToken)).Should().Be(theirs);
        (await File.ReadAllTextAsync(Path.Combine(studio.Files, "two_people.1.2.0.yaml"), TestContext.Current.CancellationToken)).Should().Contain("timeout: 20m").And.Contain("# above align");

        // What was saved is no draft any more, also after the next two seconds.
        await page.WaitForTimeoutAsync(3_000);
        (await page.EvaluateAsync<bool>("async () => (await (await fetch('/api/workflows/two_people/draft')).json()).mine === null")).Should().BeTrue();
    }

    [Fact]
    public async Task Cases_colour_the_canvas_and_a_failing_one_names_its_step()
    {
        await using Tab tab = await SavedAsync("with_cases");
        IPage page = tab.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Run tests" }).ClickAsync();
        await Expect(page.GetByText("1 case passes")).ToBeVisibleAsync();
        await Expect(page.Locator(".fs.tone-ok")).ToHaveCountAsync(3);
        await page.Locator(".cm-line", new() { HasText = "expect:" }).ClickAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.TypeAsync(", align: skipped");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run tests" }).ClickAsync();
        await Expect(page.GetByText("1 of 1 case fails")).ToBeVisibleAsync();
        await Expect(page.Locator(".fs.tone-bad")).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Status, new() { Name = "Tests" })).ToContainTextAsync("align is succeeded, expected skipped");
        await PictureAsync(page, "designer-tests");
    }

    [Fact]
    public async Task A_phone_shows_the_designer_to_read_and_says_why()
    {
        await using Tab first = await SavedAsync("on_a_phone");
        await using Tab tab = await studio.OpenAsync("/workflows/on_a_phone/edit", width: 390, height: 844);
        IPage page = tab.Page;
        await Expect(page.GetByText("A phone is too narrow to draw on")).ToBeVisibleAsync();
        await Expect(page.Locator(".react-flow__node")).ToHaveCountAsync(3);
        await Expect(page.Locator(".tb").GetByRole(AriaRole.Button, new() { NameRegex = new("^Save") })).ToHaveCountAsync(0);

        // The steps as a list that a thumb can open, each with what it is given.
        ILocator align = page.GetByRole(AriaRole.List, new() { Name = "Steps" }).GetByRole(AriaRole.Button, new() { NameRegex = new("^align") });
        await Expect(align).ToContainTextAsync("after bootstrap");
        await Tab.HoldsAsync(async () => (await BoxAsync(align)).Height.Should().BeGreaterThanOrEqualTo(44));
        await align.ClickAsync();
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Steps" })).ToContainTextAsync("swingsigma@1.1.0");
        await page.GetByRole(AriaRole.Button, new() { Name = "YAML", Exact = true }).ClickAsync();
        await Expect(page.Locator(".cm-content")).ToHaveAttributeAsync("aria-readonly", "true");
        await Expect(page.Locator(".cm-content")).ToContainTextAsync("# above align");
        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).Should().BeLessThanOrEqualTo(0);
    }

    [Fact]
    public async Task A_viewer_sees_the_designer_to_read_and_who_may_change_it()
    {
        await using Tab first = await SavedAsync("for_a_viewer");
        await studio.CommandAsync("users", "add", "vera", "--role", "viewer", "--reason", "to look");
        string link = await studio.CommandAsync("users", "link", "vera", "--reason", "to look", "--output", "json");
        string token = Regex.Match(link, "token=([0-9A-Za-z_-]+)").Groups[1].Value;
        string person = await studio.SignInAsync(new Uri(studio.Address, $"/sign-in?token={token}").AbsoluteUri);
        await using Tab tab = await studio.OpenAsync("/workflows/for_a_viewer/edit?sel=align", person: person);
        await Expect(tab.Page.GetByText("Your role may look. Operators and administrators may change workflows.")).ToBeVisibleAsync();
        await Expect(tab.Page.Locator("#f-steps-align-with-ticker")).ToBeDisabledAsync();
        await Expect(tab.Page.Locator(".tb").GetByRole(AriaRole.Button, new() { NameRegex = new("^Save") })).ToBeDisabledAsync();
        (await SaveAsync(tab.Page, Small.Replace("NAME", "by_a_viewer"), null)).Should().Be(403);
    }

    private Task<Tab> SavedAsync(string name) => DesignerPage.SavedAsync(studio, name);

    private static async Task AddAsync(IPage page, string kind, string name)
    {
        await page.Keyboard.PressAsync("a");
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Add step" })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(kind);
        await page.Keyboard.PressAsync("Enter");
        await Expect(Node(page, name)).ToBeFocusedAsync();
    }

    // Enter goes into the form, Tab to the field, Escape back to the canvas.
    private static async Task FillAsync(IPage page, string step, params (string Field, string Value)[] values)
    {
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".ins .if :focus")).ToHaveCountAsync(1);
        foreach ((string field, string value) in values)
        {
            await TypeAtAsync(page, $"f-steps-{step}-{field}", value);
        }

        await page.Keyboard.PressAsync("Escape");
        await Expect(Node(page, step)).ToBeFocusedAsync();
    }

    private static async Task TypeAtAsync(IPage page, string id, string value)
    {
        await page.Locator($"#{id}").WaitForAsync();
        bool isBehind = await page.EvaluateAsync<bool>("id => !!(document.activeElement.compareDocumentPosition(document.getElementById(id)) & Node.DOCUMENT_POSITION_FOLLOWING) || document.activeElement.id === id", id);
        for (int i = 0; i < 60 && await page.EvaluateAsync<string>("() => document.activeElement?.id ?? ''") != id; i++)
        {
            await page.Keyboard.PressAsync(isBehind ? "Tab" : "Shift+Tab");
        }

        await Expect(page.Locator($"#{id}")).ToBeFocusedAsync();
        if (await page.Locator($"#{id}").EvaluateAsync<string>("e => e.tagName") == "SELECT")
        {
            // Not by its letters: where more than a second goes by between two of them, a browser begins anew with the second.
            await page.Keyboard.PressAsync("Home");
            for (int i = 0; i < 30 && await page.Locator($"#{id}").InputValueAsync() != value; i++)
            {
                await page.Keyboard.PressAsync("ArrowDown");
            }

            await Expect(page.Locator($"#{id}")).ToHaveValueAsync(value);
        }
        else
        {
            string[] parts = value.Split('\n');
            await page.Keyboard.TypeAsync(parts[0]);
            if (parts.Length > 1)
            {
                // The first completion that fits.
                await Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
                await page.Keyboard.PressAsync("Enter");
            }
        }
    }

    private static async Task SetAsync(IPage page, string step, params (string Field, string Value)[] values)
    {
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = step, Level = 2 })).ToBeVisibleAsync();
        foreach ((string field, string value) in values)
        {
            ILocator at = page.Locator($"#f-steps-{step}-{field}");
            if (await at.EvaluateAsync<string>("e => e.tagName") == "SELECT")
            {
                await at.SelectOptionAsync(value);
            }
            else
            {
                await at.FillAsync(value);
            }
        }
    }

    private static async Task DrawAsync(IPage page, string from, string to)
    {
        await page.Locator($".react-flow__node[data-id='{from}'] .fs-out").HoverAsync();
        await page.Mouse.DownAsync();
        LocatorBoundingBoxResult box = (await Node(page, to).BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y - 20, new() { Steps = 5 });
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + 2, new() { Steps = 5 });
        await page.Mouse.UpAsync();
    }
}
