using System.Security.Cryptography;
using System.Text;
using Sigmatiq.Store.Errors;
using Sigmatiq.Trading.Outside;

namespace Sigmatiq.App.Api;

/// <summary><c>/metrics</c>: what a monitor reads, as Prometheus text. It is opened by a token of its own, since a monitor is nobody who signs in.</summary>
internal sealed class MetricsApi(Platform platform)
{
    /// <summary>Environment variable with the token.</summary>
    public const string TokenVariable = "SIGMATIQ_METRICS_TOKEN";

    /// <summary>Environment variable that names the file whose first line is the token.</summary>
    public const string TokenFileVariable = "SIGMATIQ_METRICS_TOKEN_FILE";

    private const int TokenLengthMin = 16;

    // Read once: a setting that is wrong is said at the start, not at the first look.
    private readonly Secret? opens = platform.MetricsToken();

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", ShowAsync).AllowAnonymous()
        .Operation("getMetrics", "system", "Figures of the store and of the server as Prometheus text", $"Send the token of {TokenVariable} or {TokenFileVariable} as Authorization: Bearer.")
        .Produces<string>(contentType: "text/plain").ProducesRefusal(StatusCodes.Status401Unauthorized);

    /// <summary>The token of the environment; null where none is set.</summary>
    /// <param name="read">Reads a variable of the environment.</param>
    /// <exception cref="ProblemException">APP-2027: the file cannot be read, or the token is shorter than 16 characters.</exception>
    public static Secret? TokenOf(Func<string, string?> read)
    {
        string? file = read(TokenFileVariable), token = read(TokenVariable);
        try
        {
            token = file is { Length: > 0 } ? File.ReadLines(file).FirstOrDefault()?.Trim() ?? "" : token;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem("APP-2027", $"The token of /metrics cannot be read: {e.Message}", TokenFileVariable, "Name a file whose first line is the token.", ExitCode.BadUsage), e);
        }

        return string.IsNullOrEmpty(file) && string.IsNullOrEmpty(token) ? null
            : token!.Length >= TokenLengthMin ? new(token)
            : throw new ProblemException("APP-2027", $"The token of /metrics has {token.Length} characters.", string.IsNullOrEmpty(file) ? TokenVariable : TokenFileVariable,
                $"Use at least {TokenLengthMin}, e.g. of 'openssl rand -hex 32'.", ExitCode.BadUsage);
    }

    private async Task<IResult> ShowAsync(HttpContext context, HttpFigures answered, CancellationToken ct)
    {
        if (opens is not { } token)
        {
            throw new ProblemException("APP-2026", "Nothing is measured for strangers: there is no token.", "/metrics", $"Set {TokenVariable} or {TokenFileVariable} and start the server again.");
        }

        string given = context.Request.Headers.Authorization.ToString();
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes($"Bearer {token.Reveal()}"))))
        {
            throw new ProblemException("APP-2028", "The token of /metrics is missing or another one.", "Authorization", $"Send Authorization: Bearer with the token of {TokenVariable}.");
        }

        StoreFigures figures = await StoreFigures.ReadAsync(platform.Rows, platform.Clock, ct);
        PrometheusText text = new();
        text.Figure("sigmatiq_runs", "gauge", "Runs by state.");
        foreach (var (state, count) in figures.Runs)
        {
            text.Value("sigmatiq_runs", count, ("state", state));
        }

        text.Figure("sigmatiq_run_requests_waiting", "gauge", "Decisions about runs that the engine has not followed yet.").Value("sigmatiq_run_requests_waiting", figures.Requests);
        text.Figure("sigmatiq_outbox_waiting", "gauge", "Messages that have neither arrived nor been given up.").Value("sigmatiq_outbox_waiting", figures.OutboxWaiting);
        text.Figure("sigmatiq_fires_decided_total", "counter", "Fires of schedules by outcome.");
        foreach (var (outcome, count) in figures.Fires)
        {
            text.Value("sigmatiq_fires_decided_total", count, ("outcome", outcome));
        }

        text.Figure("sigmatiq_store_answer_seconds", "gauge", "How long the store took to answer a small question just now.").Value("sigmatiq_store_answer_seconds", figures.Took.TotalSeconds);
        text.Figure("sigmatiq_http_requests_total", "counter", "Answers since the start of this process, by route, method and status.");
        foreach (var (route, method, status, count, _) in answered.All)
        {
            text.Value("sigmatiq_http_requests_total", count, ("route", route), ("method", method), ("status", status.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        text.Figure("sigmatiq_http_request_seconds", "summary", "Time from the request to the end of its answer, by route.");
        foreach (var route in answered.All.GroupBy(a => a.Route, StringComparer.Ordinal))
        {
            text.Value("sigmatiq_http_request_seconds_sum", route.Sum(a => a.Seconds), ("route", route.Key)).Value("sigmatiq_http_request_seconds_count", route.Sum(a => a.Count), ("route", route.Key));
        }

        return Results.Text(text.ToString(), PrometheusText.ContentType);
    }
}
