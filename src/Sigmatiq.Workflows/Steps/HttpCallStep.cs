using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sigmatiq.Store;
using Sigmatiq.Store.Content;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Calls;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Workflows.Steps;

/// <summary>A call. Which hosts may be called stands in the settings, not here.</summary>
/// <param name="Url">Where to.</param>
/// <param name="Method"><c>GET, HEAD, POST, PUT, PATCH</c> or <c>DELETE</c>.</param>
/// <param name="Json">Body as JSON; or <paramref name="Text"/>.</param>
/// <param name="Text">Body as text.</param>
/// <param name="ContentType">What the body is; JSON or plain text by default.</param>
/// <param name="Headers">Headers; they stand in the journal.</param>
/// <param name="SecretHeaders">Headers in which <c>$name</c> stands for a secret: <c>Authorization: Bearer $token</c>.</param>
/// <param name="Accept">Statuses that are no failure; 200 to 299 where it is left out.</param>
/// <param name="KeepHeaders">Headers of the answer to keep, besides <c>content-type</c>.</param>
/// <param name="TimeoutSeconds">Longest time of the whole call.</param>
/// <param name="Redirects">Redirects that are followed; 0 gives the redirect itself.</param>
/// <param name="AnswerBytesMax">Most bytes of the answer.</param>
public sealed record HttpCallInput(
    string Url, [Words("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")] string Method = "GET", JsonNode? Json = null, string? Text = null, string? ContentType = null, IReadOnlyDictionary<string, string>? Headers = null,
    IReadOnlyDictionary<string, string>? SecretHeaders = null, IReadOnlyList<int>? Accept = null, IReadOnlyList<string>? KeepHeaders = null, int TimeoutSeconds = 30,
    int Redirects = 5, int AnswerBytesMax = 1_000_000);

/// <summary>The answer.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Url">The address that answered.</param>
/// <param name="Headers">The headers that were kept.</param>
/// <param name="Body">The body as text; null where it is longer than 64 kB, or no UTF-8.</param>
/// <param name="Json">The body read as JSON; null where it is none.</param>
/// <param name="File">The file with the body, in the data directory, where it is not here.</param>
/// <param name="Sha256">Hash of the body.</param>
/// <param name="Bytes">Its length.</param>
public sealed record HttpCallOutput(
    int Status, string Url, IReadOnlyDictionary<string, string> Headers, string? Body, JsonNode? Json, string? File, string Sha256, long Bytes);

/// <summary>Calls a host of the list. Every attempt carries the same <c>Idempotency-Key</c>, so that a receiver that heeds it does the same
/// thing once; one that does not may do it again after a failure that nobody can tell from a success.</summary>
/// <param name="caller">Makes the call.</param>
/// <param name="outside">The list.</param>
/// <param name="data">Where large answers go.</param>
public sealed class HttpCallStep(OutsideCaller caller, OutsideFile outside, DataDirectory data) : StepKind<HttpCallInput, HttpCallOutput>
{
    /// <summary>Longest body that stands in the output itself, in bytes.</summary>
    public const int InlineBytesMax = 65_536;

    private const int SecondsMax = 300, RedirectsMax = 10, BytesMax = 50_000_000, KeepMax = 20;
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public override string Name => "http.call";

    /// <inheritdoc/>
    public override string Summary => "Call a host that the settings allow, and keep its answer";

    /// <summary>Statuses of a host that is there but cannot answer now.</summary>
    public static IReadOnlyList<int> WorthRetrying { get; } = [408, 425, 429, 500, 502, 503, 504];

    /// <inheritdoc/>
    public override IEnumerable<InputFault> Faults(StepLiterals input)
    {
        if (input.Text("url") is { } url)
        {
            foreach (InputFault fault in InputFault.Caught("url", () => CallTarget.Parse(url)))
            {
                yield return fault;
            }
        }

        if (input.Text("method") is { } method && !Methods.Contains(method))
        {
            yield return Bad("method", $"method is '{method}', and none of {string.Join(", ", Methods)}.", "Write one of them, in capitals.");
        }

        if (input.Has("json") && input.Has("text"))
        {
            yield return Bad("text", "There is a body as JSON and one as text.", "Keep one of them.");
        }

        foreach (var (field, min, max) in ((string, int, int)[])[("timeout_seconds", 1, SecondsMax), ("redirects", 0, RedirectsMax), ("answer_bytes_max", 1, BytesMax)])
        {
            if (input.Whole(field) is { } value && (value < min || value > max))
            {
                yield return Bad(field, string.Create(CultureInfo.InvariantCulture, $"{field} must be from {min} to {max}, was {value}."), string.Create(CultureInfo.InvariantCulture, $"Write {min} to {max}."));
            }
        }

        if (input.List("keep_headers").Count is > KeepMax and var kept)
        {
            yield return Bad("keep_headers", string.Create(CultureInfo.InvariantCulture, $"keep_headers names {kept} headers; {KeepMax} are allowed."), "Keep fewer.");
        }

        if (input.List("accept").Select(StepLiterals.WholeOf).FirstOrDefault(s => s is < 200 or > 599) is { } status)
        {
            yield return Bad("accept", string.Create(CultureInfo.InvariantCulture, $"accept names {status}, which is no status of an answer."), "Write numbers from 200 to 599.");
        }
    }

    /// <inheritdoc/>
    public override async Task<StepOutcome> RunAsync(StepContext context, HttpCallInput input, CancellationToken ct)
    {
        if (Faults(StepLiterals.Of(input)).FirstOrDefault() is { } mistake)
        {
            return mistake.Failed(context);
        }

        CallAnswer answer;
        try
        {
            answer = await caller.CallAsync(RequestOf(context, input), outside.Read(), ct);
        }
        catch (ProblemException e)
        {
            return new StepOutcome.Failed(e.Problem, e.Problem.Code switch
            {
                CallCodes.NoAnswer => FailureCategories.SourceUnavailable,
                CallCodes.TooSlow => FailureCategories.Timeout,
                _ => FailureCategories.Refused,
            });
        }

        context.Log(string.Create(CultureInfo.InvariantCulture, $"{input.Method} {answer.Url.GetLeftPart(UriPartial.Path)} answered {answer.Status} with {answer.Body.Length} bytes"));
        bool accepted = input.Accept?.Contains(answer.Status) ?? answer.Status is >= 200 and < 300;
        if (!accepted)
        {
            string when = answer.Headers.TryGetValue("retry-after", out string? after) ? $" and asks to come again after {after}" : "";
            return Failed(context, CallCodes.FailureStatus, $"{answer.Url.Host} answered {answer.Status}{when}.", "See what it wants; statuses that are no failure stand in accept.",
                WorthRetrying.Contains(answer.Status) ? FailureCategories.SourceUnavailable : FailureCategories.Refused);
        }

        return Done(OutputOf(input, answer));
    }

    private static InputFault Bad(string field, string message, string remedy) => new(field, CallCodes.BadCall, message, remedy);

    private static CallRequest RequestOf(StepContext context, HttpCallInput input) => new(input.Method, input.Url)
    {
        Headers = input.Headers ?? new Dictionary<string, string>(),
        SecretHeaders = input.SecretHeaders ?? new Dictionary<string, string>(),
        Body = input.Json is { } json ? CanonicalJson.Write(json) : input.Text is { } text ? Encoding.UTF8.GetBytes(text) : null,
        ContentType = input.ContentType ?? (input.Json is null ? "text/plain; charset=utf-8" : "application/json; charset=utf-8"),
        IdempotencyKey = input.Method is "GET" or "HEAD" ? null : Uri.EscapeDataString(context.EffectKey),
        RedirectsMax = input.Redirects,
        Timeout = TimeSpan.FromSeconds(input.TimeoutSeconds),
        AnswerBytesMax = input.AnswerBytesMax,
    };

    private HttpCallOutput OutputOf(HttpCallInput input, CallAnswer answer)
    {
        string hash = ContentHash.Of(answer.Body).Hex;
        string? text = answer.Body.Length <= InlineBytesMax ? TextOf(answer.Body) : null, file = null;
        // In a journal of JSON a control character takes six bytes.
        text = text is not null && CanonicalJson.Write(text).Length > 2 * InlineBytesMax ? null : text;
        if (text is null)
        {
            file = $"calls/{hash}";
            AtomicFile.WriteOnce(data.File(file), answer.Body);
        }

        HashSet<string> kept = new((input.KeepHeaders ?? []).Append("content-type"), StringComparer.OrdinalIgnoreCase);
        return new(answer.Status, answer.Url.AbsoluteUri, answer.Headers.Where(h => kept.Contains(h.Key)).OrderBy(h => h.Key, StringComparer.Ordinal).ToDictionary(), text, text is null ? null : JsonOf(text), file, hash, answer.Body.Length);
    }

    private static string? TextOf(byte[] body)
    {
        try
        {
            string text = Strict.GetString(body);
            return text.Contains('\0') ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static JsonNode? JsonOf(string text)
    {
        try
        {
            JsonNode? json = JsonText.Parse(text);
            return CanonicalJson.Write(json).Length <= InlineBytesMax ? json : null;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException or FormatException or OverflowException)
        {
            // Also numbers that no double is.
            return null;
        }
    }

    private static StepOutcome.Failed Failed(StepContext context, string code, string message, string remedy, string category) =>
        new(new(code, message, $"step {context.Step}", remedy), category);
}
