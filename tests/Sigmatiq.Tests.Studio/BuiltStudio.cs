using Sigmatiq.Tests.SystemTests;

namespace Sigmatiq.Tests.Studio;

/// <summary>A store of its own with one lifecycle that waits for a vote: tests make, change, train, publish and deploy in it what they need.</summary>
public sealed class BuiltStudio : ServedStudio
{
    private readonly Dictionary<string, string> people = [];

    /// <summary>The request for a vote of its run.</summary>
    public string Approval => $"apr_{Run[^12..]}";

    /// <summary>Approves the request, as the operator who ran it, and waits until what was approved is deployed; once is enough.</summary>
    public async Task DeployAsync()
    {
        await using Tab tab = await OpenAsync("/production");
        await tab.Page.EvaluateAsync(
            """
            async (id) => {
              const asked = await (await fetch(`/api/approvals/${id}`)).json();
              if (asked.state.status === "PENDING_APPROVAL") {
                await fetch("/api/production/approve", { method: "POST", headers: { "Content-Type": "application/json" },
                  body: JSON.stringify({ action: "approve", notes: "Paper only, look again after 30 trades.", bundle_hash: asked.state.bundle_hash, digest: asked.state.digest, approval: id }) });
              }
            }
            """, Approval);
        for (int tries = 0; await tab.Page.EvaluateAsync<bool>("async () => (await (await fetch('/api/production/standings')).json()).every(s => s.guardrails_utc === null)"); tries++)
        {
            tries.Should().BeLessThan(240, "what was approved is deployed within two minutes");
            await tab.Page.WaitForTimeoutAsync(500);
        }
    }

    /// <summary>A tab of somebody with this role, who is added and signed in by a link where nobody has it yet.</summary>
    public async Task<Tab> OpenAsAsync(string role, string path)
    {
        if (!people.TryGetValue(role, out string? session))
        {
            await CommandAsync("users", "add", $"{role}.one", "--name", $"The {role}", "--role", role, "--reason", "a test");
            session = people[role] = await SignInAsync((await CommandAsync("users", "link", $"{role}.one", "--reason", "a test")).Trim());
        }

        return await OpenAsync(path, person: session);
    }
}

/// <summary>Tests of packs, models, trainings, forecasts and production look at one store.</summary>
[CollectionDefinition(nameof(BuiltStudio))]
public sealed class BuiltCollection : ICollectionFixture<BuiltStudio>;
