using System.Collections.Concurrent;

namespace Sigmatiq.App.Api;

/// <summary>Counts what the server answered, by route, method and status, and how long it took. Routes and not paths: a stranger who tries a thousand
/// addresses adds one line.</summary>
internal sealed class HttpFigures(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Route, string Method, int Status), (long Count, double Seconds)> answered = new();

    /// <summary>All of them, by route.</summary>
    public IReadOnlyList<(string Route, string Method, int Status, long Count, double Seconds)> All =>
        [.. answered.Select(a => (a.Key.Route, a.Key.Method, a.Key.Status, a.Value.Count, a.Value.Seconds)).OrderBy(a => a.Route, StringComparer.Ordinal).ThenBy(a => a.Method, StringComparer.Ordinal).ThenBy(a => a.Status)];

    /// <summary>Counts a request.</summary>
    public async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        long began = clock.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)", method = HttpMethods.GetCanonicalizedValue(context.Request.Method);
            // What is no method of HTTP is the caller's own word.
            method = method.Length <= 7 && method.All(char.IsAsciiLetterUpper) ? method : "(other)";
            double seconds = clock.GetElapsedTime(began).TotalSeconds;
            answered.AddOrUpdate((route, method, context.Response.StatusCode), _ => (1, seconds), (_, sum) => (sum.Count + 1, sum.Seconds + seconds));
        }
    }
}
