using System.Diagnostics;

namespace Sigmatiq.App.Traces;

/// <summary>A span for each HTTP request, in the trace of whoever sent one along. It names route, method and status, never the address itself: links and
/// questions have secrets in them.</summary>
internal sealed class RequestTraces(TimeProvider clock)
{
    /// <summary>Name under which the spans are told.</summary>
    public const string SourceName = "Sigmatiq.App";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Spans a request.</summary>
    public async Task TraceAsync(HttpContext context, RequestDelegate next)
    {
        if (!Source.HasListeners())
        {
            await next(context);
            return;
        }

        // The host makes a span of its own that nobody collects: a child of it would have no parent to be seen with.
        Activity? around = Activity.Current;
        Activity.Current = null;
        ActivityContext.TryParse(context.Request.Headers.TraceParent, context.Request.Headers.TraceState, isRemote: true, out ActivityContext parent);
        using Activity? span = Source.StartActivity("HTTP", ActivityKind.Server, parent, startTime: clock.GetUtcNow());
        try
        {
            await next(context);
        }
        finally
        {
            if (span is not null)
            {
                string method = context.Request.Method, route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
                int status = context.Response.StatusCode;
                span.DisplayName = $"{method} {route}";
                span.SetTag("http.request.method", method).SetTag("http.route", route).SetTag("http.response.status_code", status);
                span.SetStatus(status >= StatusCodes.Status500InternalServerError ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
                span.SetEndTime(clock.GetUtcNow().UtcDateTime);
            }

            Activity.Current = around;
        }
    }
}
