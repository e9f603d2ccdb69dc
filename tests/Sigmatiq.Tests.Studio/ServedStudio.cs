using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sigmatiq.Tests.SystemTests;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Sigmatiq.Tests.Studio;

/// <summary>The real program on synthetic bars, with one lifecycle that waits for a vote, and a real browser signed in to it.</summary>
public sealed class ServedStudio : IAsyncLifetime
{
    /// <summary>How long anything may take to be seen.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LifecycleMax = TimeSpan.FromMinutes(15);
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("sigmatiq-studio-");
    private ProgramProcess? served;
    private IPlaywright? playwright;
    private string state = "";

    /// <summary>Where it answers.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The run that waits for a vote.</summary>
    public string Run { get; private set; } = "";

    /// <summary>The browser.</summary>
    public IBrowser Browser { get; private set; } = null!;

    /// <summary>Debian's Chromium, or the one that <c>SIGMATIQ_CHROMIUM</c> names.</summary>
    public static string Chromium => Environment.GetEnvironmentVariable("SIGMATIQ_CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium";

    public async ValueTask InitializeAsync()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        using (ProgramProcess lifecycle = ProgramProcess.Start("lifecycle", "run", "--ticker", "MKT.SYN", "--data", data.FullName, "--output", "json"))
        {
            await lifecycle.EndAsync(LifecycleMax, ct);
            Run = JsonNode.Parse(lifecycle.Out)?["id"]?.GetValue<string>() ?? throw new InvalidOperationException(lifecycle.Out + lifecycle.Error);
        }

        served = ProgramProcess.Start("serve", "--data", data.FullName, "--urls", "http://127.0.0.1:0", "--output", "json");
        string link = (await served.SaysAsync("\"sign_in\": \"([^\"]+)\"", Soon, ct)).Groups[1].Value;
        Address = new(new Uri(link).GetLeftPart(UriPartial.Authority));
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium, Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        await using IBrowserContext door = await Browser.NewContextAsync();
        IPage page = await door.NewPageAsync();
        await page.GotoAsync(link);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Strategies by stage" })).ToBeVisibleAsync();
        state = await door.StorageStateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        playwright?.Dispose();
        served?.Dispose();
        data.Delete(recursive: true);
    }

    /// <summary>A tab of a person who is signed in, of a certain width and theme; what its console says against it is kept.</summary>
    public async Task<Tab> OpenAsync(string path, string theme = "dark", int width = 1440, int height = 900)
    {
        IBrowserContext context = await Browser.NewContextAsync(new()
        {
            StorageState = state, BaseURL = Address.OriginalString, ViewportSize = new() { Width = width, Height = height }, Locale = "en-GB", TimezoneId = "Europe/Berlin",
            ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce, Permissions = ["clipboard-read", "clipboard-write"],
        });
        return await Tab.OpenAsync(context, path);
    }
}

/// <summary>All tests look at one served store, one after the other.</summary>
[CollectionDefinition(nameof(ServedStudio))]
public sealed class StudioCollection : ICollectionFixture<ServedStudio>;
