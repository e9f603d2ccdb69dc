using System.Security.Claims;
using System.Text;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;
using Sigmatiq.Workflows.Definitions;

namespace Sigmatiq.App.Api;

/// <summary><c>Idempotency-Key</c>: whatever is asked under a key happens once. The same request again under it gets the answer of the first,
/// with the header <c>Idempotent-Replay: true</c>; another one is refused. A refusal is not kept, since nothing came of it.</summary>
/// <remarks>A process that dies between the work and its answer leaves the key open; the next request under it does the work anew, which for a
/// run's decisions, sweeps, trainings, models and votes changes nothing that is done.</remarks>
/// <param name="rows">The store.</param>
/// <param name="clock">The clock.</param>
internal sealed class AnsweredOnce(IRowStore rows, TimeProvider clock)
{
    /// <summary>The header.</summary>
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>Longest key, in characters.</summary>
    public const int KeyLengthMax = 200;

    /// <summary>How long answers are kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    private const int AnswerBytesMax = 1_000_000, BodyBytesMax = 1_048_576;

    // After this nobody works on the first request any more.
    private static readonly TimeSpan UnderWayMax = TimeSpan.FromMinutes(2);

    /// <summary>The key of a request; null without.</summary>
    /// <exception cref="ProblemException">APP-2018: it is too long.</exception>
    public static string? KeyOf(HttpRequest request)
    {
        string? key = request.Headers[KeyHeader] is [{ Length: > 0 } given, ..] ? given : null;
        return key?.Length > KeyLengthMax
            ? throw new ProblemException("APP-2018", $"The key has {key.Length} characters; {KeyLengthMax} are allowed.", KeyHeader, "Send a shorter one.", ExitCode.BadUsage)
            : key;
    }

    /// <summary>Answers a request that changes something, or gives the answer that it had.</summary>
    public async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method) || KeyOf(request) is not { } key
            || context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } person)
        {
            await next(context);
            return;
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<NeverKept>() is not null)
        {
            throw new ProblemException("APP-2038", "The answer holds a secret, which is never kept.", KeyHeader, "Ask without the header; a second answer is another secret.", ExitCode.BadUsage);
        }

        // What is named by its own content, or takes the place of what was there, comes to the same however often it is asked; its answer need not be kept.
        if (context.GetEndpoint()?.Metadata.GetMetadata<AsksAgain>() is not null)
        {
            await next(context);
            return;
        }

        CancellationToken ct = context.RequestAborted;
        string fingerprint = await FingerprintAsync(request, ct);
        Kept? kept = await TakeAsync(person, key, fingerprint, ct);
        if (kept is not null)
        {
            await ReplayAsync(context, kept, key, fingerprint);
            return;
        }

        Stream answer = context.Response.Body;
        using MemoryStream held = new();
        context.Response.Body = held;
        bool isDone = false;
        try
        {
            await next(context);
            isDone = context.Response.StatusCode < StatusCodes.Status400BadRequest && held.Length <= AnswerBytesMax;
        }
        finally
        {
            context.Response.Body = answer;

            // Not with the caller's token: what was done is noted although nobody waits for the answer.
            await (isDone ? KeepAsync(person, key, context.Response, held) : ReleaseAsync(person, key));
        }

        held.Position = 0;
        await held.CopyToAsync(answer, ct);
    }

    private static async Task<string> FingerprintAsync(HttpRequest request, CancellationToken ct)
    {
        request.EnableBuffering(bufferThreshold: BodyBytesMax, bufferLimit: BodyBytesMax);
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body, ct);
        request.Body.Position = 0;
        byte[] head = Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n");
        byte[] all = [.. head, .. body.ToArray()];
        return ContentHash.Of(all).Hex;
    }

    // Null where the key is now ours.
    private async Task<Kept?> TakeAsync(string person, string key, string fingerprint, CancellationToken ct)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return await rows.InTransactionAsync<Kept?>(async tx =>
        {
            await tx.ExecuteAsync("delete from http_answers where begun_at_utc < @old", new { old = now - KeptFor }, ct);
            int mine = await tx.ExecuteAsync(
                """
                insert into http_answers (person, key, fingerprint, begun_at_utc, owner) values (@person, @key, @fingerprint, @now, @Owner)
                on conflict (person, key) do update set begun_at_utc = @now, owner = @Owner
                 where http_answers.answered_at_utc is null and http_answers.begun_at_utc < @dead and http_answers.fingerprint = @fingerprint
                """,
                new { person, key, fingerprint, now, Platform.Owner, dead = now - UnderWayMax }, ct);
            return mine == 1 ? null : await tx.FirstAsync<Kept>(
                "select fingerprint, status, location, content_type, body from http_answers where person = @person and key = @key", new { person, key }, ct);
        }, ct);
    }

    private static async Task ReplayAsync(HttpContext context, Kept kept, string key, string fingerprint)
    {
        if (kept.Fingerprint != fingerprint)
        {
            throw new ProblemException(WorkflowCodes.KeyTaken, $"The key '{key}' was used for another request.", "key", "Use a new key for a new request.", ExitCode.BadUsage);
        }

        if (kept.Status is not { } status)
        {
            throw new ProblemException("APP-2019", $"The first request under the key '{key}' is still being worked on.", KeyHeader, "Ask again in a moment.");
        }

        context.Response.StatusCode = (int)status;
        context.Response.ContentType = kept.ContentType;
        context.Response.Headers["Idempotent-Replay"] = "true";
        if (kept.Location is { } location)
        {
            context.Response.Headers.Location = location;
        }

        await context.Response.WriteAsync(kept.Body ?? "", context.RequestAborted);
    }

    private Task KeepAsync(string person, string key, HttpResponse response, MemoryStream held) => rows.ExecuteAsync(
        """
        update http_answers set answered_at_utc = @now, status = @StatusCode, location = @location, content_type = @ContentType, body = @body
         where person = @person and key = @key and answered_at_utc is null
        """,
        new
        {
            person, key, now = clock.GetUtcNow(), response.StatusCode, location = response.Headers.Location is [{ } given, ..] ? given : null, response.ContentType,
            body = Encoding.UTF8.GetString(held.ToArray()),
        }, CancellationToken.None);

    private Task ReleaseAsync(string person, string key) =>
        rows.ExecuteAsync("delete from http_answers where person = @person and key = @key and answered_at_utc is null", new { person, key }, CancellationToken.None);

    private sealed record Kept(string Fingerprint, long? Status, string? Location, string? ContentType, string? Body);
}

/// <summary>Marks a route whose answers are not kept.</summary>
internal sealed record NeverKept;

/// <summary>Marks a route that does the same thing again without harm, so that no key is needed.</summary>
internal sealed record AsksAgain;
