using Sigmatiq.Tests.SystemTests;

namespace Sigmatiq.Tests.Studio;

/// <summary>A store of its own with one lifecycle that waits for a vote: tests make, change, train, publish and deploy in it what they need.</summary>
public sealed class BuiltStudio : ServedStudio
{
    private readonly Dictionary<string, string> people = [];

    /// <summary>The request for a vote of its run.</summary>
    public string Approval => $"apr_{Run[^12..]}";

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
