using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Sigmatiq.Tests.Studio.DesignerPage;

namespace Sigmatiq.Tests.Studio;

/// <summary>Copying, pasting and dropping in the designer, what is refused there, and the way back.</summary>
[Collection(nameof(DesignedStudio))]
public sealed class DesignerHandTests(DesignedStudio studio)
{
    [Fact]
    public async Task Steps_are_copied_here_and_pasted_into_a_workflow_of_another_tab()
    {
        await using Tab tab = await SavedAsync(studio, "copied_from");
        IPage page = tab.Page;
        (await SaveAsync(page, Small.Replace("NAME", "pasted_into"), null)).Should().Be(201);
        string before = await YamlAsync(page);
        await Node(page, "align").ClickAsync();
        await Node(page, "report").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Node(page, "report").FocusAsync();
        await page.Keyboard.PressAsync("Control+c");
        await Expect(page.Locator(".sb [role=status]")).ToHaveTextAsync("Copied align, report as YAML.");

        // Beside themselves they take free names and refer to each other.
        await page.Keyboard.PressAsync("Control+v");
        await Expect(Edge(page, "align_2", "report_2")).ToHaveCountAsync(1);
        await Expect(Edge(page, "align", "report_2")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.Locator(".react-flow__node")).ToHaveCountAsync(3);
        await Tab.HoldsAsync(async () => (await YamlAsync(page)).Should().Be(before));

        IPage other = await page.Context.NewPageAsync();
        await OpenAsync(other, "/workflows/pasted_into/edit");
        await other.BringToFrontAsync();
        await Node(other, "bootstrap").FocusAsync();
        await other.Keyboard.PressAsync("Space");
        await other.Keyboard.PressAsync("Control+v");
        await Expect(Edge(other, "align_2", "report_2")).ToHaveCountAsync(1);
        await Expect(Edge(other, "bootstrap", "align_2")).ToHaveCountAsync(1);
        await Tab.HoldsAsync(async () => (await YamlAsync(other)).Should().Contain("{steps.align_2.outputs.ticker}"));
        await other.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(other.Locator(".react-flow__node")).ToHaveCountAsync(3);

        // What is no step is refused, and says so.
        await other.EvaluateAsync("() => navigator.clipboard.writeText('just words')");
        await Node(other, "bootstrap").FocusAsync();
        await other.Keyboard.PressAsync("Control+v");
        await Expect(other.GetByText("The clipboard holds no step.")).ToBeVisibleAsync();
        await Expect(other.Locator(".react-flow__node")).ToHaveCountAsync(3);
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task Keys_that_follow_a_choice_at_once_are_heard_and_what_is_typed_stands_behind_what_was_completed()
    {
        await using Tab tab = await SavedAsync(studio, "fast_hands");
        IPage page = tab.Page;
        // With motion, since a dialog that fades away is what single keys would rest for.
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.NoPreference });
        await Node(page, "report").ClickAsync();
        foreach (string made in new[] { "report_2", "report_3" })
        {
            await page.Keyboard.PressAsync("a");
            await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Add step" })).ToBeFocusedAsync();
            await page.Keyboard.TypeAsync("report");
            await page.Keyboard.PressAsync("Enter");
            // At each frame: the next key comes as soon as the step has focus.
            await page.WaitForFunctionAsync("name => document.activeElement?.dataset.id === name", made);
        }

        await Node(page, "report").ClickAsync();
        ILocator title = page.Locator("#f-steps-report-with-title");
        await title.FillAsync("Of { now");
        await title.PressAsync("Home");
        for (int i = 0; i < 4; i++)
        {
            await page.Keyboard.PressAsync("ArrowRight");
        }

        await page.Keyboard.TypeAsync("tick");
        await Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        // In one turn of the page, as fast as no hand is.
        await title.EvaluateAsync("""
            input => {
              input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
              document.execCommand("insertText", false, "!");
            }
            """);
        await Expect(title).ToHaveValueAsync("Of {steps.align.outputs.ticker}! now");
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_step_kind_dropped_on_an_edge_stands_between_and_on_empty_canvas_alone_and_undo_takes_each_back()
    {
        await using Tab tab = await SavedAsync(studio, "dropped_on");
        IPage page = tab.Page;
        string before = await YamlAsync(page);
        ILocator canvas = page.Locator(".cv .react-flow__pane");
        (LocatorBoundingBoxResult ground, LocatorBoundingBoxResult from, LocatorBoundingBoxResult to) = (await BoxAsync(canvas), await BoxAsync(Node(page, "bootstrap")), await BoxAsync(Node(page, "align")));
        TargetPosition between = new() { X = from.X + (from.Width / 2) - ground.X, Y = ((from.Y + from.Height + to.Y) / 2) - ground.Y };

        await PaletteItem(page, "Wait").DragToAsync(canvas, new() { TargetPosition = between, Force = true });
        await Expect(Edge(page, "bootstrap", "until")).ToHaveCountAsync(1);
        await Expect(Edge(page, "until", "align")).ToHaveCountAsync(1);
        await Expect(Edge(page, "bootstrap", "align")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Control+z");
        await Expect(Edge(page, "bootstrap", "align")).ToHaveCountAsync(1);
        await Tab.HoldsAsync(async () => (await YamlAsync(page)).Should().Be(before));

        await PaletteItem(page, "Wait").DragToAsync(canvas, new() { TargetPosition = new() { X = 90, Y = 90 } });
        await Expect(Node(page, "until")).ToBeVisibleAsync();
        await Expect(page.Locator(".react-flow__edge")).ToHaveCountAsync(2);
        LocatorBoundingBoxResult put = await BoxAsync(Node(page, "until"));
        (put.X + (put.Width / 2)).Should().BeApproximately(ground.X + 90, 4, "it stands where it was dropped");
        await page.Keyboard.PressAsync("Control+z");
        await Expect(page.Locator(".react-flow__node")).ToHaveCountAsync(3);
        await Tab.HoldsAsync(async () => (await YamlAsync(page)).Should().Be(before));
        tab.Complaints.Should().BeEmpty();
    }

    [Fact]
    public async Task A_line_to_a_step_that_cannot_take_it_says_why_and_leaves_nothing_and_what_is_no_step_kind_cannot_be_dropped()
    {
        await using Tab tab = await SavedAsync(studio, "refused_here");
        IPage page = tab.Page;
        string before = await YamlAsync(page);
        await DrawAsync(page, "bootstrap", "align", "align needs bootstrap already");
        await DrawAsync(page, "align", "report", "report needs align already, by with.title");
        await DrawAsync(page, "bootstrap", "report", null);
        await Expect(Edge(page, "bootstrap", "report")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Control+z");
        await Expect(Edge(page, "bootstrap", "report")).ToHaveCountAsync(0);
        await DrawAsync(page, "align", "bootstrap", "bootstrap already leads to align");
        await Tab.HoldsAsync(async () => (await YamlAsync(page)).Should().Be(before));

        // Text from elsewhere is no step kind.
        await page.Locator(".cv .fc").EvaluateAsync(
            """
            at => {
              const data = new DataTransfer();
              data.setData("text/plain", "store.bootstrap");
              for (const what of ["dragover", "drop"]) at.dispatchEvent(new DragEvent(what, { bubbles: true, cancelable: true, dataTransfer: data, clientX: 500, clientY: 300 }));
            }
            """);
        await Expect(page.Locator(".react-flow__node")).ToHaveCountAsync(3);

        // Nor is anything dropped into a text that does not parse.
        await page.Locator(".cm-content").ClickAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync("\nbroken: [");
        await Expect(page.GetByText("The graph shows what it said last.")).ToBeVisibleAsync();
        await PaletteItem(page, "Wait").DragToAsync(page.Locator(".cv .react-flow__pane"), new() { TargetPosition = new() { X = 90, Y = 300 } });
        await Expect(page.GetByText("The text does not parse: mend it first.")).ToBeVisibleAsync();
        await Expect(page.Locator(".react-flow__node")).ToHaveCountAsync(3);
    }

    // Draws from port to step; where it is refused the reason stands there while the line does.
    private static async Task DrawAsync(IPage page, string from, string to, string? why)
    {
        await page.Locator($".react-flow__node[data-id='{from}'] .fs-out").HoverAsync();
        await page.Mouse.DownAsync();
        LocatorBoundingBoxResult box = await BoxAsync(Node(page, to));
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2) + 8, new() { Steps = 6 });
        await page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2), new() { Steps = 3 });
        if (why is not null)
        {
            await Expect(page.Locator(".fc-why")).ToContainTextAsync(why);
        }

        await page.Mouse.UpAsync();
        await Expect(page.Locator(".fc-why")).ToBeHiddenAsync();
    }
}
