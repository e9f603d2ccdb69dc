using Microsoft.Playwright;

namespace Sigmatiq.Tests.Studio;

/// <summary>An open page with what its console and the browser said against it.</summary>
public sealed class Tab : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];

    private Tab(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => complaints.Add($"uncaught: {error}");
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Errors, warnings and refused styles or scripts, in the order they came.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public static async Task<Tab> OpenAsync(IBrowserContext context, string path)
    {
        Tab tab = new(context, await context.NewPageAsync());
        await tab.Page.GotoAsync(path);
        return tab;
    }

    /// <summary>The text of an element, once it is there.</summary>
    public async Task<string> TextAsync(string selector) => await Page.Locator(selector).First.InnerTextAsync();

    /// <summary>Asks again until it holds: what is read at one instant may be drawn at the next.</summary>
    public static async Task HoldsAsync(Func<Task> claim)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await claim();
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException && TimeProvider.System.GetElapsedTime(begun) < ServedStudio.Soon)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
