using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Trading.Calls;

/// <summary>Resolves a name; tests give answers of their own.</summary>
public delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken ct);

/// <summary>Makes calls to hosts on the list. Every address, the first and each that a redirect names, is checked as written and again as
/// resolved, and the connection goes to the very address that was checked: a name that changes its answer gains nothing.</summary>
/// <remarks>No proxy, no cookies, no sign-in of this machine, HTTP/1.1 only. Redirects are followed here, one by one; secrets stay behind where
/// one leads to another scheme, host or port.</remarks>
/// <param name="resolve">Resolves names.</param>
/// <param name="clock">The clock.</param>
public sealed partial class OutsideCaller(ResolveHost resolve, TimeProvider clock)
{
    /// <summary>Most bytes of a request's body.</summary>
    public const int RequestBytesMax = 1_000_000;

    private const int HeaderCountMax = 50, HeaderLengthMax = 8_192, AddressesMax = 16;

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE", "Trailer", "Expect", "Proxy-Authorization", "Proxy-Connection",
        "Content-Type", "Content-Encoding", "Idempotency-Key", "Accept-Encoding", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Http-Method-Override",
    };

    private static readonly string[] OnlySecret = ["Authorization", "Cookie"];

    /// <summary>Names as the machine resolves them.</summary>
    public static ResolveHost SystemNames { get; } = (host, ct) => Dns.GetHostAddressesAsync(host, ct);

    /// <summary>Makes a call.</summary>
    /// <exception cref="ProblemException">OUT-1020 to OUT-1030, OUT-1004: see <see cref="CallCodes"/>. OUT-1026, OUT-1027: what another try may cure.</exception>
    public async Task<CallAnswer> CallAsync(CallRequest request, OutsideSettings settings, CancellationToken ct)
    {
        CallTarget target = CallTarget.Check(request.Url, request.Method, settings.Calls);
        Check(request);
        (IReadOnlyDictionary<string, string> secretHeaders, IReadOnlyList<string> blots) = Secrets(request, target.Rule, settings);
        using CancellationTokenSource timer = new(request.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            for (int followed = 0; ; followed++)
            {
                using HttpClient http = ClientFor(target);
                using HttpRequestMessage message = Message(request, target.Url, secretHeaders);
                using HttpResponseMessage answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
                if ((int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && request.RedirectsMax > 0)
                {
                    if (followed == request.RedirectsMax)
                    {
                        throw new ProblemException(CallCodes.BadRedirect, $"The host redirects more than {request.RedirectsMax} times.", target.Url.Host, "Call the last address itself.");
                    }

                    (request, CallTarget next) = Redirected(request, target, answer, settings);
                    secretHeaders = IsSameOrigin(target.Url, next.Url) ? secretHeaders : new Dictionary<string, string>();
                    target = next;
                    continue;
                }

                byte[] body = await ReadAsync(answer, request.AnswerBytesMax, either.Token);
                return new((int)answer.StatusCode, target.Url, HeadersOf(answer, blots), Blot(body, blots));
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ProblemException(CallCodes.TooSlow, $"{target.Url.Host} took longer than {request.Timeout.TotalSeconds:0.#} s.", target.Url.Host, "Try again, or raise timeout_seconds.");
        }
        catch (HttpRequestException e) when (FindProblem(e) is { } problem)
        {
            throw problem;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or SocketException)
        {
            string why = e is HttpRequestException { InnerException: SocketException socket } ? socket.SocketErrorCode.ToString() : e is HttpRequestException h ? h.HttpRequestError.ToString() : e.GetType().Name;
            throw new ProblemException(new Problem(CallCodes.NoAnswer, $"{target.Url.Host} gave no answer that can be read ({why}).", target.Url.Host, "Try again later."), e);
        }
    }

    private static ProblemException? FindProblem(Exception e) => e as ProblemException ?? (e.InnerException is { } inner ? FindProblem(inner) : null);

    private static void Check(CallRequest request)
    {
        if (request.Body is { } body && (request.Method is "GET" or "HEAD" || body.Length > RequestBytesMax))
        {
            throw request.Method is "GET" or "HEAD"
                ? new ProblemException(CallCodes.BadCall, $"{request.Method} takes no body.", "body", "Use POST, or leave the body out.", ExitCode.BadUsage)
                : new ProblemException(CallCodes.TooLarge, $"The body has {body.Length} bytes; {RequestBytesMax} are allowed.", "body", "Send less.", ExitCode.BadUsage);
        }

        KeyValuePair<string, string>[] all = [.. request.Headers, .. request.SecretHeaders, new("Content-Type", request.ContentType)];
        foreach (var (name, value) in all)
        {
            string? why = !Token().IsMatch(name) ? "is no name of a header"
                : Reserved.Contains(name) && name != "Content-Type" ? "is set by the platform"
                : value.Any(c => c is < ' ' or > '~') || value.Length > HeaderLengthMax || value != value.Trim() ? "has a value with control characters, blanks at its ends, letters beyond ASCII or too many"
                : null;
            if (why is not null)
            {
                throw new ProblemException(CallCodes.BadHeader, $"The header '{name}' {why}.", name, "Change or remove it.", ExitCode.BadUsage);
            }
        }

        if (request.Headers.Keys.FirstOrDefault(n => OnlySecret.Contains(n, StringComparer.OrdinalIgnoreCase)) is { } open)
        {
            throw new ProblemException(CallCodes.BadHeader, $"The header '{open}' would stand in the journal for everybody.", open, "Put it below secret_headers with $name for the secret.", ExitCode.BadUsage);
        }

        if (all.Length > HeaderCountMax || all.Select(h => h.Key).Distinct(StringComparer.OrdinalIgnoreCase).Count() != all.Length)
        {
            throw new ProblemException(CallCodes.BadHeader, $"A header stands twice, or there are more than {HeaderCountMax}.", "headers", "Keep one of each.", ExitCode.BadUsage);
        }
    }

    private static (IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> Blots) Secrets(CallRequest request, CallRule rule, OutsideSettings settings)
    {
        Dictionary<string, string> headers = [];
        List<string> blots = [];
        foreach (var (name, template) in request.SecretHeaders)
        {
            headers[name] = Reference().Replace(template, found =>
            {
                string secret = found.Groups[1].Value;
                if (!rule.Secrets.Contains(secret))
                {
                    throw new ProblemException(CallCodes.SecretNotAllowed, $"The secret '{secret}' is not for {rule.Host}.", name, "Whoever runs the platform names it below calls: in outside.yaml.");
                }

                string value = settings.Secrets[secret].Read().Reveal();
                if (value.Any(c => c is < ' ' or > '~'))
                {
                    throw new ProblemException(CallCodes.BadHeader, $"The secret '{secret}' has characters that no header can carry.", name, "Write it in one line of ASCII.");
                }

                blots.Add(value);
                return value;
            });
            if (headers[name] == template)
            {
                throw new ProblemException(CallCodes.BadHeader, $"The header '{name}' names no secret.", name, "Write $name for the secret, or move the header to headers.", ExitCode.BadUsage);
            }
        }

        return (headers, [.. blots.OrderByDescending(b => b.Length)]);
    }

    private HttpClient ClientFor(CallTarget target) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PreAuthenticate = false, Credentials = null, ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli, MaxResponseHeadersLength = 32, MaxResponseDrainSize = 0,
        ConnectCallback = (_, ct) => ConnectAsync(target, ct),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    // Resolved once, checked, and connected to what was checked.
    private async ValueTask<Stream> ConnectAsync(CallTarget target, CancellationToken ct)
    {
        string host = CallTarget.HostOf(target.Url);
        IPAddress[] found = IPAddress.TryParse(host, out IPAddress? written) ? [written] : await resolve(host, ct);
        if (found.FirstOrDefault(a => !AddressRules.MayReach(a, target.Rule.Networks)) is { } forbidden)
        {
            throw new ProblemException(CallCodes.ForbiddenAddress, $"{host} leads to {forbidden}, which is not of the open internet.", host,
                "Where this is meant, whoever runs the platform names its network for the host below calls: in outside.yaml.");
        }

        SocketException? last = null;
        foreach (IPAddress address in found.Take(AddressesMax).Select(AddressRules.Plain))
        {
            Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Url.Port), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static HttpRequestMessage Message(CallRequest request, Uri url, IReadOnlyDictionary<string, string> secretHeaders)
    {
        HttpRequestMessage message = new(new HttpMethod(request.Method), url) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        if (request.IdempotencyKey is { } key)
        {
            message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        foreach (var (name, value) in request.Headers.Concat(secretHeaders))
        {
            if (!message.Headers.TryAddWithoutValidation(name, value) && message.Content?.Headers.TryAddWithoutValidation(name, value) != true)
            {
                throw new ProblemException(CallCodes.BadHeader, $"The header '{name}' belongs to a body.", name, "Remove it.", ExitCode.BadUsage);
            }
        }

        return message;
    }

    private static (CallRequest Request, CallTarget Target) Redirected(CallRequest request, CallTarget from, HttpResponseMessage answer, OutsideSettings settings)
    {
        // As it was written: the library's reading of it would hide a host in disguise.
        string location = answer.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues given) ? given.ToString() : "";
        if (location.Length == 0 || location.Any(c => c is <= ' ' or > '~' or '\\') || !Uri.TryCreate(from.Url, location, out Uri? next))
        {
            throw new ProblemException(CallCodes.BadRedirect, "The host redirects to no address.", from.Url.Host, "Call the right address itself.");
        }

        if (from.Url.Scheme == "https" && next.Scheme != "https")
        {
            throw new ProblemException(CallCodes.BadRedirect, $"The host redirects from https to {next.Scheme}.", from.Url.Host, "Call the right address itself.");
        }

        // As browsers do: 303 always, 301 and 302 after a POST (Fetch standard, HTTP-redirect fetch, step 12).
        bool becomesGet = (answer.StatusCode == HttpStatusCode.SeeOther && request.Method != "HEAD")
            || (answer.StatusCode is HttpStatusCode.Moved or HttpStatusCode.Found && request.Method == "POST");
        CallRequest again = becomesGet ? request with { Method = "GET", Body = null, IdempotencyKey = null } : request;

        // A location is checked as it was written where it is a whole address, else as it reads behind the last one.
        string written = Uri.TryCreate(location, UriKind.Absolute, out Uri? whole) && whole.Scheme is "http" or "https" && location.Contains("://", StringComparison.Ordinal) ? location : next.AbsoluteUri;
        CallTarget target = CallTarget.Check(written, again.Method, settings.Calls);
        return (IsSameOrigin(from.Url, target.Url) ? again : again with { Headers = again.Headers.Where(h => h.Key.Equals("Accept", StringComparison.OrdinalIgnoreCase)).ToDictionary() }, target);
    }

    private static bool IsSameOrigin(Uri a, Uri b) => Uri.Compare(a, b, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, int most, CancellationToken ct)
    {
        if (answer.Content.Headers.ContentLength > most)
        {
            throw TooLarge(most);
        }

        await using Stream stream = await answer.Content.ReadAsStreamAsync(ct);
        using MemoryStream body = new();
        byte[] buffer = new byte[16_384];
        for (int read; (read = await stream.ReadAsync(buffer, ct)) > 0;)
        {
            if (body.Length + read > most)
            {
                throw TooLarge(most);
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static ProblemException TooLarge(int most) => new(
        CallCodes.TooLarge, $"The answer has more than {most.ToString(CultureInfo.InvariantCulture)} bytes, unpacked.", "answer", "Ask for less, or raise answer_bytes_max.");

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage answer, IReadOnlyList<string> blots) => answer.Headers.NonValidated
        .Concat(answer.Content.Headers.NonValidated).Where(h => !h.Key.StartsWith("Set-Cookie", StringComparison.OrdinalIgnoreCase))
        .GroupBy(h => h.Key.ToLowerInvariant()).ToDictionary(g => g.Key, g => Encoding.UTF8.GetString(Blot(Encoding.UTF8.GetBytes(string.Join(", ", g.Select(h => h.Value.ToString()))), blots)));

    // A host that answers with what it was sent must not put a secret into the journal.
    private static byte[] Blot(byte[] bytes, IReadOnlyList<string> secrets)
    {
        foreach (byte[] secret in secrets.Select(Encoding.UTF8.GetBytes))
        {
            if (bytes.AsSpan().IndexOf(secret) < 0)
            {
                continue;
            }

            using MemoryStream blotted = new();
            ReadOnlySpan<byte> rest = bytes;
            for (int at; (at = rest.IndexOf(secret)) >= 0; rest = rest[(at + secret.Length)..])
            {
                blotted.Write(rest[..at]);
                blotted.Write("***"u8);
            }

            blotted.Write(rest);
            bytes = blotted.ToArray();
        }

        return bytes;
    }

    [GeneratedRegex(@"^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}\z")]
    private static partial Regex Token();

    [GeneratedRegex(@"\$([A-Za-z0-9_-]+)")]
    private static partial Regex Reference();
}
