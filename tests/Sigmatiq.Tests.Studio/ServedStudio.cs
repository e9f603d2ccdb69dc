using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Sigmatiq.Tests.SystemTests;

// Each collection has a program and a browser of its own; two at once keep two cores busy, more would only wait for each other.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace Sigmatiq.Tests.Studio;

/// <summary>The real program on synthetic bars, with one lifecycle that waits for a vote, and a real browser signed in to it.</summary>
public class ServedStudio : IAsyncLifetime
{
    /// <summary>How long anything may take to be seen.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>How long a page may take to show what it should: a machine with other work is slow, and a page that never does fails all the same.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LifecycleMax = TimeSpan.FromMinutes(15);
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("sigmatiq-studio-");
    private ProgramProcess? served;
    private IPlaywright? playwright;
    private string state = "";

    /// <summary>Where it answers.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The run that waits for a vote.</summary>
    public string Run => Runs[0];

    /// <summary>All runs that wait for a vote, in the order of <see cref="Tickers"/>.</summary>
    public IReadOnlyList<string> Runs { get; private set; } = [];

    /// <summary>The instruments that a lifecycle each is run for.</summary>
    protected virtual IReadOnlyList<string> Tickers => ["MKT.SYN"];

    /// <summary>The data directory.</summary>
    public string Data => data.FullName;

    /// <summary>The browser.</summary>
    public IBrowser Browser { get; private set; } = null!;

    /// <summary>Debian's Chromium, or the one that <c>SIGMATIQ_CHROMIUM</c> names.</summary>
    public static string Chromium => Environment.GetEnvironmentVariable("SIGMATIQ_CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium";

    /// <summary>What the store holds before it is served, besides lifecycles.</summary>
    protected virtual Task PrepareAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Takes away what was prepared besides the store.</summary>
    protected virtual void Forget() { }

    /// <summary>Starts the program.</summary>
    protected virtual ProgramProcess Start(params string[] args) => ProgramProcess.Start(args);

    public async ValueTask InitializeAsync()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        await PrepareAsync(ct);
        foreach (string ticker in Tickers)
        {
            using ProgramProcess lifecycle = Start("lifecycle", "run", "--ticker", ticker, "--data", data.FullName, "--output", "json");
            await lifecycle.EndAsync(LifecycleMax, ct);
            Runs = [.. Runs, JsonNode.Parse(lifecycle.Out)?["id"]?.GetValue<string>() ?? throw new InvalidOperationException(lifecycle.Out + lifecycle.Error)];
        }

        served = Start("serve", "--data", data.FullName, "--urls", "http://127.0.0.1:0", "--output", "json");
        string link = (await served.SaysAsync("\"sign_in\": \"([^\"]+)\"", Soon, ct)).Groups[1].Value;
        Address = new(new Uri(link).GetLeftPart(UriPartial.Authority));
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium, Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        state = await SignInAsync(link);
    }

    /// <summary>Signs somebody in by their link; what their tabs are opened with.</summary>
    public async Task<string> SignInAsync(string link)
    {
        await using IBrowserContext door = await Browser.NewContextAsync();
        IPage page = await door.NewPageAsync();
        await page.GotoAsync(link);
        await Assertions.Expect(page.Locator("main h1").First).ToBeVisibleAsync();
        return await door.StorageStateAsync();
    }

    /// <summary>Stops the server, does something while nobody answers, and starts it again where it was.</summary>
    public async Task WithoutServerAsync(Func<Task> meanwhile)
    {
        served!.Dispose();
        await meanwhile();
        served = Start("serve", "--data", data.FullName, "--urls", Address.GetLeftPart(UriPartial.Authority), "--output", "json");
        await served.SaysAsync("\"sign_in\"", Soon, TestContext.Current.CancellationToken);
    }

    /// <summary>Runs a command on the store to its end.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> CommandAsync(params string[] args)
    {
        using ProgramProcess command = Start([.. args, "--data", data.FullName]);
        (await command.EndAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken)).Should().Be(0, command.Out + command.Error);
        return command.Out;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        playwright?.Dispose();
        served?.Dispose();
        data.Delete(recursive: true);
        Forget();
    }

    /// <summary>A tab of a person who is signed in, of a certain width and theme; what its console says against it is kept.</summary>
    public async Task<Tab> OpenAsync(string path, string theme = "dark", int width = 1440, int height = 900, string? person = null)
    {
        IBrowserContext context = await Browser.NewContextAsync(new()
        {
            StorageState = person ?? state, BaseURL = Address.OriginalString, ViewportSize = new() { Width = width, Height = height }, Locale = "en-GB", TimezoneId = "Europe/Berlin",
            ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce, Permissions = ["clipboard-read", "clipboard-write"],
        });
        return await Tab.OpenAsync(context, path);
    }
}

/// <summary>All tests look at one served store, one after the other.</summary>
[CollectionDefinition(nameof(ServedStudio))]
public sealed class StudioCollection : ICollectionFixture<ServedStudio>;

/// <summary>A store of its own with three requests of one strategy to decide, so that other tests find theirs undecided.</summary>
public sealed class ReviewedStudio : ServedStudio
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string> Tickers => ["MKT.SYN", "MKT.SYN", "MKT.SYN"];

    /// <summary>The request of one of the runs.</summary>
    public string Approval(int run) => $"apr_{Runs[run][^12..]}";
}

/// <summary>A store without runs, and a folder of workflows of its own, in which tests may save.</summary>
public sealed class DesignedStudio : ServedStudio
{
    private readonly DirectoryInfo files = Directory.CreateTempSubdirectory("sigmatiq-workflows-");

    /// <summary>The folder of workflow files.</summary>
    public string Files => files.FullName;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Tickers => [];

    /// <inheritdoc/>
    protected override ProgramProcess Start(params string[] args) => ProgramProcess.StartWith("SIGMATIQ_WORKFLOWS", files.FullName, args);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        files.Delete(recursive: true);
    }
}

/// <summary>Tests that design share one program.</summary>
[CollectionDefinition(nameof(DesignedStudio))]
public sealed class DesignedCollection : ICollectionFixture<DesignedStudio>;

/// <summary>Tests that decide look at one store too.</summary>
[CollectionDefinition(nameof(ReviewedStudio))]
public sealed class ReviewedCollection : ICollectionFixture<ReviewedStudio>;
