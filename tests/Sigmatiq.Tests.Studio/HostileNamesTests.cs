using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Sigmatiq.Tests.Studio;

/// <summary>A store without a run of its own, into which names are written that no page should believe.</summary>
public sealed class NamedStudio : ServedStudio
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string> Tickers => [];
}

/// <summary>Text that people and programs wrote is text: it runs nothing, names nothing else, and breaks no layout.</summary>
public sealed class HostileNamesTests(NamedStudio studio) : IClassFixture<NamedStudio>
{
    private const string Script = "<script>window.pwned=1</script>";
    private const string Image = "\"'><img src=x onerror=\"window.pwned=2\">";
    private const string Directions = "safe\u202Etxt.exe\u202C \u2066end\u2069\u200F";
    private const string Control = "tab\there\u0007bell\u001B[31mred";
    private static readonly string Long = new('W', 400);

    private static readonly string[] Places =
    [
        "/", "/runs", "/runs?view=table", "/runs?f=workflow:lifecycle&sel={script}&fold={script}", "/workflows/reapproval?tab=runs", "/runs/{run}", "/runs/{run}?tab=inputs", "/runs/{run}?tab=outputs", "/workflows", "/dashboard", "/packs", "/models", "/models/{model}", "/sweeps", "/training", "/schedules", "/data", "/production",
        "/forecasting", "/system", "/system/users", "/system/keys", "/system/audit", "/status", "/runs?q={script}", "/runs?f=status:{script}", "/runs?f=workflow:{script}&f=by:{script}&f=ticker:{script}&from={script}", "/no/{script}", "/dashboard/{script}",
    ];

    [Fact]
    public async Task Scripts_quotes_control_and_direction_characters_in_every_text_run_nothing_and_break_no_layout()
    {
        await using Tab first = await studio.OpenAsync("/");
        string run = await WriteAsync(first.Page);
        List<string> faults = [];
        foreach (int width in (int[])[1440, 390])
        {
            await using Tab tab = await studio.OpenAsync("/", "dark", width);
            IPage page = tab.Page;
            page.Dialog += async (_, dialog) => await dialog.DismissAsync();
            foreach (string place in Places)
            {
                string path = place.Replace("{run}", run, StringComparison.Ordinal).Replace("{model}", "hostile", StringComparison.Ordinal).Replace("{script}", Uri.EscapeDataString(Image), StringComparison.Ordinal);
                await page.GotoAsync(path);
                await Expect(page.Locator("h1").First).ToBeVisibleAsync();
                await Expect(page.Locator("[aria-busy='true']")).ToHaveCountAsync(0);
                if (await page.EvaluateAsync<bool>("() => window.pwned !== undefined || document.querySelector('img[src=x], main script') !== null"))
                {
                    faults.Add($"{path} at {width}: ran");
                }

                int sideways = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
                if (sideways > 0)
                {
                    faults.Add($"{path} at {width}: {sideways} px sideways");
                }

                // What turns the direction of a line stands nowhere as itself.
                if (await page.EvaluateAsync<bool>("() => /[\\u202A-\\u202E\\u2066-\\u2069\\u200E\\u200F\\u0007\\u001B]/.test(document.body.innerText)"))
                {
                    faults.Add($"{path} at {width}: control or direction characters");
                }
            }

            // What does not exist is answered with 404 or 422, which the browser writes down.
            faults.AddRange(tab.Complaints.Where(c => !c.Contains("404", StringComparison.Ordinal) && !c.Contains("422", StringComparison.Ordinal)));
        }

        faults.Should().BeEmpty();
        await using Tab list = await studio.OpenAsync("/runs/" + run);
        await Expect(list.Page.Locator("main")).ToContainTextAsync("window.pwned");
    }

    // Writes them wherever a person or a program may write a text; what is refused is refused with a code.
    private static async Task<string> WriteAsync(IPage page)
    {
        int users = 0;
        foreach (string name in (string[])[Script, Image, Directions, Control, Long, "\" OR 1=1 --", "${7*7}{{7*7}}"])
        {
            await PostAsync(page, "/api/users", new { id = $"u{users++}", name, role = "viewer", plan = "free", reason = name });
            await PostAsync(page, "/api/keys", new { name, scopes = (string[])["read"], days = 3, reason = name });
        }

        await PostAsync(page, "/api/models", new
        {
            model_id = "hostile", pack_id = "swingsigma", user_id = "operator", name = Image, instrument = "stocks", ticker = "MKT.SYN", strategy_id = "momentum_swing",
            selected_indicators = (string[])["rsi", "macd", "adx", "ema_20", "ema_50", "bollinger_bands", "volume_ma"],
            selected_features = (string[])["rsi_divergence", "macd_cross", "trend_strength", "volume_surge", "momentum_composite"],
        });
        string run = "";
        foreach (string text in (string[])[Directions, Long, Control, Script + Image])
        {
            JsonNode started = await PostAsync(page, "/api/workflows/reapproval/trigger", new { parameters = new { sweep = text, model = text } });
            run = started["id"]?.GetValue<string>() ?? run;
        }

        run.Should().NotBeEmpty();
        JsonNode cancelled = await PostAsync(page, "/api/workflows/lifecycle/trigger", new { parameters = new { ticker = "MKT.SYN" } });
        await PostAsync(page, $"/api/runs/{cancelled["id"]!.GetValue<string>()}/cancel", new { reason = Script + Image + Directions + Long });
        await PostAsync(page, "/api/workflows/lifecycle/pause", new { reason = Image + Directions });
        await page.WaitForFunctionAsync("async (run) => ['failed', 'completed', 'cancelled'].includes((await (await fetch('/api/runs/' + run)).json()).status)", run, new() { Timeout = 60_000 });
        return run;
    }

    private static async Task<JsonNode> PostAsync(IPage page, string path, object body)
    {
        string said = await page.EvaluateAsync<string>(
            "async ([path, body]) => await (await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text()", new[] { path, JsonSerializer.Serialize(body) });
        JsonNode answer = JsonNode.Parse(said)!;
        if (answer["code"] is { } code)
        {
            code.GetValue<string>().Should().MatchRegex("^[A-Z]{3}-[0-9]{4}$").And.NotBe("APP-9001", $"{path} {said}");
        }

        return answer;
    }
}
