using System.Globalization;
using System.Text.Json;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.Workflows.Engine;
using Sigmatiq.Workflows.Journal;
using Sigmatiq.Workflows.Scheduling;

namespace Sigmatiq.App.Streams;

/// <summary><c>/runs/{run}/events</c>: what a run does, as it does it (server-sent events): <c>status</c> when its journal grew,
/// <c>progress</c> of an attempt, <c>log</c> lines, and <c>end</c>. Whoever lost the connection sends the last id it saw as
/// <c>Last-Event-ID</c>, as browsers do by themselves, and misses no line and gets none twice.</summary>
internal sealed class RunStream(WorkflowEngine engine, TimeProvider clock)
{
    private const int LinesMax = 1_000;
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(15);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/runs/{run}/events", SendAsync)
        .Operation("watchRun", "runs", "What a run does, as it does it", "Server-sent events: status, progress, log and end. Send the last id seen as Last-Event-ID to miss nothing.")
        .Produces<string>(contentType: "text/event-stream").Needs(Right.Read);

    /// <summary>Reads <c>line.event</c>; anything else begins from the start.</summary>
    internal static (long Line, long Seq) Place(string? lastEventId) =>
        lastEventId?.Split('.') is [var line, var seq] && long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out long l)
            && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out long s) ? (l, s) : (0, 0);

    private async Task SendAsync(HttpContext context, string run, IHostApplicationLifetime lifetime)
    {
        RunId id = new((await engine.Views.SummaryAsync(new(run), context.RequestAborted)).Id);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        CancellationToken ct = either.Token;
        (long line, long seq) = Place(context.Request.Headers["Last-Event-ID"] is [{ } given, ..] ? given : null);
        context.Response.ContentType = "text/event-stream";
        IReadOnlyList<AttemptView> attempts = [];
        long beatAt = clock.GetTimestamp();
        try
        {
            while (true)
            {
                // Asked before the reads: what was written by then is in what is read.
                bool isAsked = await engine.Views.IsAskedAsync(id, ct);
                RunSummary summary = await engine.Views.SummaryAsync(id, ct);
                bool said = false;
                IReadOnlyList<LogLine> lines = await engine.Views.LogAsync(id, null, line, ct);
                foreach (LogLine written in lines.Take(LinesMax))
                {
                    line = written.LineId;
                    await SayAsync("log", new { Id = written.LineId, written.Step, written.Item, written.Attempt, written.AtUtc, written.Line });
                }

                IReadOnlyList<AttemptView> now = await engine.Views.AttemptsAsync(id, ct);
                foreach (AttemptView attempt in now.Except(attempts).Where(a => a.ProgressText is not null))
                {
                    await SayAsync("progress", new { attempt.Step, attempt.Item, attempt.Attempt, attempt.Status, Done = attempt.ProgressDone, Total = attempt.ProgressTotal, Text = attempt.ProgressText });
                }

                attempts = now;
                if (summary.Seq > seq)
                {
                    seq = summary.Seq;
                    await SayAsync("status", new { summary.Id, summary.Status, summary.Reason, summary.ChangedAtUtc, Events = summary.Seq });
                }

                if (summary.EndedAtUtc is not null && !isAsked && lines.Count <= LinesMax)
                {
                    await SayAsync("end", new { summary.Id, summary.Status, summary.Reason });
                    return;
                }

                if (said)
                {
                    beatAt = clock.GetTimestamp();
                }
                else if (clock.GetElapsedTime(beatAt) > BeatEvery)
                {
                    await context.Response.WriteAsync(": still here\n\n", ct);
                    beatAt = clock.GetTimestamp();
                }

                await context.Response.Body.FlushAsync(ct);
                await Task.Delay(ReadEvery, clock, ct);

                async Task SayAsync<T>(string name, T value)
                {
                    said = true;
                    string data = JsonSerializer.Serialize(value, Wire.Json);
                    await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"id: {line}.{seq}\nevent: {name}\ndata: {data}\n\n"), ct);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The reader left or the server stops: the stream simply ends.
        }
    }
}
