using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Sigmatiq.Tests.Studio;

/// <summary>What a page of somebody else's can do in the browser of a person who is signed in: nothing.</summary>
[Collection(nameof(ServedStudio))]
public sealed class ForeignPageTests(ServedStudio studio)
{
    private static readonly string[] Names = ["127.0.0.1", "localhost"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_of_another_origin_cannot_vote_or_read_whatever_it_tries()
    {
        string approval = $"apr_{studio.Run[^12..]}";
        await using Tab own = await studio.OpenAsync("/");
        JsonNode asked = JsonNode.Parse(await own.Page.EvaluateAsync<string>($"async () => await (await fetch('/api/approvals/{approval}')).text()"))!;
        string digest = asked["state"]!["digest"]!.GetValue<string>(), bundle = asked["state"]!["bundle_hash"]!.GetValue<string>();
        long records = await RecordsAsync(own.Page);
        using HttpListener elsewhere = new();
        int port = Listen(elsewhere, PageOf(studio.Address, approval, digest, bundle));
        foreach (string name in Names)
        {
            // In the same browser, with the same cookies: a port is no part of a site, so SameSite alone would not keep it out.
            IPage foreign = await own.Page.Context.NewPageAsync();
            await foreign.GotoAsync($"http://{name}:{port}/");
            await foreign.WaitForFunctionAsync("() => window.tried !== undefined", null, new() { Timeout = 60_000 });
            JsonObject tried = JsonNode.Parse(await foreign.EvaluateAsync<string>("() => JSON.stringify(window.tried)"))!.AsObject();
            tried.Should().HaveCountGreaterThan(7);
            foreach ((string way, JsonNode? outcome) in tried)
            {
                outcome!.GetValue<string>().Should().BeOneOf(["refused", "opaque", "empty"], $"{way} from {name}");
            }

            // A form takes the page along: the answer is a refusal, not a vote.
            IResponse? sent = await foreign.RunAndWaitForResponseAsync(() => foreign.EvaluateAsync("() => document.forms[0].submit()"), r => r.Request.Method == "POST");
            sent.Status.Should().Be(403, name);
            (await sent.TextAsync()).Should().Contain("APP-2004");
            await foreign.CloseAsync();
        }

        JsonNode after = JsonNode.Parse(await own.Page.EvaluateAsync<string>($"async () => await (await fetch('/api/approvals/{approval}')).text()"))!;
        after["state"]!["status"]!.GetValue<string>().Should().Be("PENDING_APPROVAL");
        after["votes"]!.AsArray().Should().BeEmpty();
        (await RecordsAsync(own.Page)).Should().Be(records, "nothing was decided, so nothing is on record");
    }

    private static async Task<long> RecordsAsync(IPage page) =>
        JsonNode.Parse(await page.EvaluateAsync<string>("async () => await (await fetch('/api/audit/verify')).text()"))!["records"]!.GetValue<long>();

    private static int Listen(HttpListener listener, string html)
    {
        for (int port = 18_490; ; port++)
        {
            listener.Prefixes.Clear();
            Array.ForEach(Names, n => listener.Prefixes.Add($"http://{n}:{port}/"));
            try
            {
                listener.Start();
            }
            catch (HttpListenerException) when (port < 18_540)
            {
                continue;
            }

            _ = Task.Run(async () =>
            {
                while (listener.IsListening)
                {
                    HttpListenerContext context = await listener.GetContextAsync();
                    context.Response.ContentType = "text/html; charset=utf-8";
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(html), CancellationToken.None);
                    context.Response.Close();
                }
            }, Token);
            return port;
        }
    }

    // Each way ends in "refused" (the browser or the server said no), "opaque" (sent without being read; what it did is looked at afterwards) or "empty".
    private static string PageOf(Uri server, string approval, string digest, string bundle) => $$"""
        <!doctype html><meta charset="utf-8"><title>Elsewhere</title>
        <form method="post" action="{{server}}approvals/{{approval}}/votes"><input name="choice" value="approve"><input name="reason" value="from elsewhere, with a reason long enough"><input name="digest" value="{{digest}}"><input name="csrf" value=""></form>
        <script type="module">
          const at = "{{server}}", vote = JSON.stringify({ action: "approve", approval: "{{approval}}", bundle_hash: "{{bundle}}", digest: "{{digest}}", notes: "from elsewhere, with a reason long enough" });
          const form = new URLSearchParams({ choice: "approve", reason: "from elsewhere, with a reason long enough", digest: "{{digest}}", csrf: "" });
          const asks = {
            json: () => fetch(at + "api/production/approve", { method: "POST", credentials: "include", headers: { "content-type": "application/json" }, body: vote }),
            text: () => fetch(at + "api/production/approve", { method: "POST", credentials: "include", mode: "no-cors", headers: { "content-type": "text/plain" }, body: vote }),
            form: () => fetch(at + "approvals/{{approval}}/votes", { method: "POST", credentials: "include", mode: "no-cors", body: form }),
            token: () => fetch(at + "approvals/{{approval}}/votes", { method: "POST", credentials: "include", headers: { "x-csrf-token": "guess" }, body: form }),
            blob: () => fetch(at + "api/production/approve", { method: "POST", credentials: "include", mode: "no-cors", body: new Blob([vote]) }),
            key: () => fetch(at + "api/production/approve", { method: "POST", headers: { "content-type": "application/json", authorization: "Bearer sgq_guess" }, body: vote }),
            read: () => fetch(at + "api/approvals", { credentials: "include" }),
            put: () => fetch(at + "api/models/syn", { method: "PUT", credentials: "include", headers: { "content-type": "application/json" }, body: "{}" }),
            beacon: async () => { navigator.sendBeacon(at + "approvals/{{approval}}/votes", form); return { type: "opaque" }; },
            frame: () => new Promise((done) => {
              const frame = document.createElement("iframe");
              frame.onload = () => { let seen; try { seen = frame.contentDocument?.body?.textContent ?? ""; } catch { seen = ""; } done(seen === "" ? { empty: true } : { ok: true, type: "basic" }); };
              frame.src = at + "dashboard/{{approval}}";
              document.body.append(frame);
            }),
            script: () => new Promise((done, no) => { const script = document.createElement("script"); script.src = at + "api/approvals"; script.onload = () => done({ ok: true, type: "basic" }); script.onerror = () => no(new Error()); document.body.append(script); }),
          };
          const tried = {};
          for (const [way, ask] of Object.entries(asks)) {
            try { const answer = await ask(); tried[way] = answer.empty ? "empty" : answer.type === "opaque" ? "opaque" : "answered " + answer.status; } catch { tried[way] = "refused"; }
          }
          window.tried = tried;
        </script>
        """;
}
