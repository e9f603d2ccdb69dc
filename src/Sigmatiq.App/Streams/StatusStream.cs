using System.Globalization;
using Sigmatiq.App.Api;
using Sigmatiq.App.Pages;

namespace Sigmatiq.App.Streams;

/// <summary><c>/events</c>: tells an open page when it would show something else. The page then fetches itself.</summary>
internal sealed class StatusStream(StatusReading read, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(15);
    private readonly SemaphoreSlim gate = new(1, 1);
    private string version = "";
    private long? readAt;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/events", (HttpContext context, StatusStream stream) => stream.SendAsync(context))
            .Operation("watchStatus", "system", "Tells when the status page would show something else", "Server-sent events of one kind, version.")
            .Produces<string>(contentType: "text/event-stream");

    private async Task SendAsync(HttpContext context)
    {
        // A page that stays open must not keep the server from stopping.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        string person = context.User.Identity!.Name!;
        string sent = "";
        long beatAt = clock.GetTimestamp();
        try
        {
            while (true)
            {
                string current = await VersionAsync(person, either.Token);
                if (current != sent)
                {
                    await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"event: version\ndata: {current}\n\n"), either.Token);
                    (sent, beatAt) = (current, clock.GetTimestamp());
                }
                else if (clock.GetElapsedTime(beatAt) > BeatEvery)
                {
                    await context.Response.WriteAsync(": still here\n\n", either.Token);
                    beatAt = clock.GetTimestamp();
                }

                await context.Response.Body.FlushAsync(either.Token);
                await Task.Delay(ReadEvery, clock, either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader left or the server stops: the stream simply ends.
        }
    }

    // However many pages are open, the store is read once a second.
    private async Task<string> VersionAsync(string person, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (readAt is not { } at || clock.GetElapsedTime(at) >= ReadEvery)
            {
                version = StatusPage.Version(await read(person, ct));
                readAt = clock.GetTimestamp();
            }

            return version;
        }
        finally
        {
            gate.Release();
        }
    }
}
