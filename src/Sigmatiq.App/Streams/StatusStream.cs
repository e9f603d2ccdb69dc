using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.App.Pages;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Journal;

namespace Sigmatiq.App.Streams;

/// <summary><c>/events</c>: tells an open page when it would show something else; the page then fetches itself. <c>version</c> is of the status
/// page, <c>change</c> of all runs and votes, <c>design</c> of who has which designer open. Whoever was away and comes back with the last id is told at once whether anything changed.</summary>
internal sealed class StatusStream(StatusReading read, IRowStore rows, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(15);
    private readonly SemaphoreSlim gate = new(1, 1);
    private string version = "", stamp = "", desks = "";
    private long? readAt;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/events", (HttpContext context, StatusStream stream) => stream.SendAsync(context))
            .Operation("watchStatus", "system", "Tells when a page would show something else", "Server-sent events: version, of the status page, change, of all runs and votes, and design, of who edits which workflow. Send the last id seen as Last-Event-ID.")
            .Produces<string>(contentType: "text/event-stream").Needs(Right.Read);

    private async Task SendAsync(HttpContext context)
    {
        // A page that stays open must not keep the server from stopping.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        string person = context.User.Identity!.Name!;
        string sent = "", drawn = "", told = context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } given, ..] ? given : "";
        long beatAt = clock.GetTimestamp();
        try
        {
            while (true)
            {
                (string current, string now, string design) = await VersionAsync(person, either.Token);
                if (current != sent || now != told || design != drawn)
                {
                    string says = (current != sent ? $"event: version\ndata: {current}\n\n" : "") + (now != told ? $"id: {now}\nevent: change\ndata: {now}\n\n" : "")
                        + (design != drawn ? $"event: design\ndata: {design}\n\n" : "");
                    await context.Response.WriteAsync(says, either.Token);
                    (sent, told, drawn, beatAt) = (current, now, design, clock.GetTimestamp());
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
    private async Task<(string Version, string Stamp, string Desks)> VersionAsync(string person, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (readAt is not { } at || clock.GetElapsedTime(at) >= ReadEvery)
            {
                version = StatusPage.Version(await read(person, ct));
                stamp = ContentHash.Of(await RunViews.StampAsync(rows, ct)).Short;
                desks = await new WorkflowEditors(rows, clock).StampAsync(ct);
                readAt = clock.GetTimestamp();
            }

            return (version, stamp, desks);
        }
        finally
        {
            gate.Release();
        }
    }
}
