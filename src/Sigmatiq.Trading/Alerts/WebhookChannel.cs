using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Sigmatiq.Store.Outbox;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.Trading.Alerts;

/// <summary>Posts signed JSON. Any status from 200 to 299 means arrived; everything else is tried again, a redirect too: where messages go,
/// the settings say and not the receiver.</summary>
internal sealed class WebhookChannel(WebhookSettings settings, TimeProvider clock) : IMessageChannel
{
    private const int AnswerBytesMax = 1_024;

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = settings.Timeout, PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 32,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task SendAsync(Delivery delivery, CancellationToken ct)
    {
        byte[] body = Encoding.UTF8.GetBytes(MessageText.Json(delivery));
        long timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        Uri url = Address();
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new ByteArrayContent(body), Version = HttpVersion.Version11 };
        request.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        request.Headers.TryAddWithoutValidation(WebhookSignature.KeyHeader, Uri.EscapeDataString(delivery.Key));
        request.Headers.TryAddWithoutValidation("X-Sigmatiq-Kind", Uri.EscapeDataString(delivery.Kind));
        request.Headers.Add(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(settings.Secret.Read().Reveal(), timestamp, body));
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (!answer.IsSuccessStatusCode)
            {
                throw new DeliveryException($"{url.Host} answered {(int)answer.StatusCode}.", AfterOf(answer.Headers.RetryAfter));
            }

            await DrainAsync(answer, ct);
        }
        catch (HttpRequestException e)
        {
            // The message of the library names the address, which may be a secret.
            throw new DeliveryException($"{(settings.Url is null ? settings.Name : url.Host)} did not answer ({ReasonOf(e)}).", null, e);
        }
    }

    public void Dispose() => http.Dispose();

    private static string ReasonOf(HttpRequestException e) => e.InnerException is SocketException socket ? socket.SocketErrorCode.ToString() : e.HttpRequestError.ToString();

    // So that the connection can be used again; what a receiver writes at length is not waited for.
    private static async Task DrainAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        try
        {
            await using Stream stream = await answer.Content.ReadAsStreamAsync(ct);
            byte[] buffer = new byte[AnswerBytesMax];
            _ = await stream.ReadAtLeastAsync(buffer, AnswerBytesMax, throwOnEndOfStream: false, ct);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The status has said that the message arrived.
        }
    }

    private Uri Address()
    {
        if (settings.Url is { } open)
        {
            return open;
        }

        string secret = settings.UrlSecret!.Read().Reveal();
        return OutsideYaml.WebAddress(secret) is null ? new(secret) : throw new DeliveryException($"The secret '{settings.UrlSecret.Name}' is no address of the web.");
    }

    private TimeSpan? AfterOf(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };
}
