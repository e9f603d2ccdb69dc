using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Sigmatiq.Benchmarks;

/// <summary>The designer with a workflow of 100 steps: frames while a step is dragged and while the canvas is, and how long the page's thread is at work for each of them.</summary>
internal static class DesignerBenchmark
{
    private const int Layers = 10, Wide = 10, Moves = 150;

    // Of a screen with 60 frames a second.
    private const double FrameMs = 16.7;

    /// <summary>Saves the workflow where it is not there yet, opens it and measures.</summary>
    public static async Task MeasureAsync(IPage page)
    {
        await page.EvaluateAsync(
            """
            async (text) => {
              const answer = await fetch("/api/workflows/save", { method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() }, body: JSON.stringify({ text, base: null }) });
              if (!answer.ok) throw new Error(await answer.text());
            }
            """, Text());
        await page.GotoAsync("/workflows/hundred/edit");
        ILocator nodes = page.Locator(".react-flow__node");
        await nodes.Nth((Layers * Wide) - 1).WaitForAsync();
        await page.Locator(".cm-content").WaitForAsync();
        await page.WaitForTimeoutAsync(2_000);
        StudioBenchmark.Say("designer_steps", await nodes.CountAsync(), null);
        StudioBenchmark.Say("designer_edges", await page.Locator(".react-flow__edge").CountAsync(), null);

        // A step in the middle of the graph, which has edges on both sides; then the ground beside it.
        LocatorBoundingBoxResult step = (await page.Locator(".react-flow__node[data-id='step_4_5']").BoundingBoxAsync())!;
        await MeasureAsync(page, "designer_drag", step.X + (step.Width / 2), step.Y + (step.Height / 2));
        LocatorBoundingBoxResult canvas = (await page.Locator(".react-flow__pane").BoundingBoxAsync())!;
        await MeasureAsync(page, "designer_pan", canvas.X + (canvas.Width / 2), canvas.Y + canvas.Height - 120);
    }

    private static async Task MeasureAsync(IPage page, string what, float x, float y)
    {
        ICDPSession session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable");
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x + 8, y);
        await page.EvaluateAsync("() => { window.frames_ = []; window.isDragging = true; let last = performance.now(); const tick = now => { window.frames_.push(now - last); last = now; if (window.isDragging) requestAnimationFrame(tick); }; requestAnimationFrame(tick); }");
        double before = await AtWorkAsync(session);
        for (int i = 0; i < Moves; i++)
        {
            await page.Mouse.MoveAsync(x + (float)(120 * Math.Sin(i / 12.0)), y + (float)(40 * Math.Cos(i / 12.0)));
        }

        double[] frames = await page.EvaluateAsync<double[]>("() => { window.isDragging = false; return window.frames_.slice(2); }");
        double worked = await AtWorkAsync(session) - before;
        await page.Mouse.UpAsync();
        await page.WaitForTimeoutAsync(500);
        StudioBenchmark.Say($"{what}_frame_ms", [.. frames], FrameMs + 1);
        StudioBenchmark.Say($"{what}_frames_missed_pct", Math.Round(100.0 * frames.Sum(f => Math.Max(0, Math.Round(f / FrameMs) - 1)) / frames.Sum(f => Math.Max(1, Math.Round(f / FrameMs))), 1), null);
        StudioBenchmark.Say($"{what}_work_per_move_ms", Math.Round(worked * 1_000 / Moves, 2), FrameMs);
        await session.DetachAsync();
    }

    // Seconds that the page's thread has been at work, whatever else the machine did.
    private static async Task<double> AtWorkAsync(ICDPSession session)
    {
        JsonElement answer = (await session.SendAsync("Performance.getMetrics"))!.Value;
        return answer.GetProperty("metrics").EnumerateArray().First(m => m.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
    }

    // Layers of ten, each step after two of the layer above.
    private static string Text()
    {
        StringBuilder text = new("workflow: hundred\nversion: 1.0.0\nsummary: A hundred steps in ten layers\nsteps:\n");
        for (int layer = 0; layer < Layers; layer++)
        {
            for (int i = 0; i < Wide; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"  step_{layer}_{i}:\n    uses: report\n");
                if (layer > 0)
                {
                    text.Append(CultureInfo.InvariantCulture, $"    needs: [step_{layer - 1}_{i}, step_{layer - 1}_{(i + 1) % Wide}]\n");
                }

                text.Append(CultureInfo.InvariantCulture, $"    with: {{ title: \"Layer {layer}, {i}\" }}\n");
            }
        }

        return text.ToString();
    }
}
