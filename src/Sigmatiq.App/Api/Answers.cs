using Microsoft.AspNetCore.Diagnostics;
using Sigmatiq.App.Api.Shapes;
using Sigmatiq.App.Pages;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Api;

/// <summary>How the server answers: pages as HTML, refusals with the code, place and remedy of a <see cref="Problem"/>, as problem JSON (RFC 9457)
/// to programs and as a small page to browsers.</summary>
internal static class Answers
{
    /// <summary>What lies under it is for programs alone.</summary>
    public const string ProgramBase = "/api";

    /// <summary>A page.</summary>
    public static IResult Page(Html html, int status = StatusCodes.Status200OK) => Results.Content(html.Markup, "text/html; charset=utf-8", statusCode: status);

    /// <summary>A value as JSON with snake_case keys.</summary>
    public static IResult Json<T>(T value, int status = StatusCodes.Status200OK) => Results.Json(value, Wire.Json, statusCode: status);

    /// <summary>Refuses a request for one reason.</summary>
    public static Task Refuse(HttpContext context, int status, Problem problem) => Refuse(context, status, [problem]);

    /// <summary>Refuses a request for all its reasons.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="problems">The reasons; the first one gives title and code.</param>
    /// <param name="gridSize">Combos of a grid beyond the cap.</param>
    /// <param name="cap">That cap.</param>
    /// <param name="present">What is there in place of what was to be written.</param>
    public static Task Refuse(HttpContext context, int status, IReadOnlyList<Problem> problems, long? gridSize = null, long? cap = null, string? present = null)
    {
        context.Response.StatusCode = status;
        if (WantsPage(context.Request))
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(RefusalPage.Render(problems).Markup, context.RequestAborted);
        }

        Problem first = problems[0];
        ProblemAnswer answer = new("about:blank", first.Message, status, first.Code, first.Where, first.Remedy, [.. problems.Select(LineOf)], gridSize, cap, present);
        return context.Response.WriteAsJsonAsync(answer, Wire.Json, "application/problem+json", context.RequestAborted);
    }

    /// <summary>A problem as one reason of an answer.</summary>
    public static ProblemLine LineOf(Problem problem) => new(problem.Code, problem.Message, problem.Where, problem.Remedy);

    /// <summary>Whether a person looks at the answer: browsers ask for HTML by name. What lies under <see cref="ProgramBase"/> is for programs alone.</summary>
    public static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) && !request.PathBase.HasValue;

    /// <summary>The path as it was asked for, with <c>/api</c> where it was said.</summary>
    public static string PathOf(HttpRequest request) => request.PathBase.Add(request.Path);

    /// <summary>Under <c>/api</c> there are no pages.</summary>
    public static Task KeepPagesOutAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.PathBase.HasValue && context.GetEndpoint()?.Metadata.GetMetadata<PageRoute>() is not null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return next(context);
    }

    /// <summary>Says why where nothing else did: no route, or none for the method.</summary>
    public static Task RefuseBareAsync(StatusCodeContext bare)
    {
        HttpContext context = bare.HttpContext;
        string path = PathOf(context.Request);
        Problem problem = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new("APP-2016", $"There is nothing at '{path}'.", path, "The studio is at / in a browser; what programs may ask is under /api."),
            StatusCodes.Status405MethodNotAllowed =>
                new("APP-2017", $"'{path}' does not take {context.Request.Method}.", path, $"Use {context.Response.Headers.Allow}."),
            int status => new("APP-2006", $"The request was refused with status {status}.", path, "Correct the request, or see the log of the server."),
        };
        return Refuse(context, context.Response.StatusCode, problem);
    }

    /// <summary>Turns what the rooms throw into answers; a surprise gets a reference, its trace goes to the log alone.</summary>
    public static async Task CatchAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (ProblemException e) when (!context.Response.HasStarted)
        {
            await Refuse(context, StatusOf(e.Problem, context.Request), e.All, present: (e as WorkflowConflictException)?.Present);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await Refuse(context, e.StatusCode, e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => new Problem("APP-2036", "The body is too large.", PathOf(context.Request), "Send less at once."),
                StatusCodes.Status408RequestTimeout => new Problem("APP-2037", "The body came too slowly.", PathOf(context.Request), "Send it again over a better line."),
                _ => new Problem("APP-2006", e.Message, PathOf(context.Request), "Correct the request and send it again."),
            });
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            string reference = context.TraceIdentifier;
            context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Sigmatiq.App")
                .LogError(e, "Unexpected error {Reference} at {Path}", reference, context.Request.Path);
            await Refuse(context, StatusCodes.Status500InternalServerError,
                new Problem("APP-9001", "Unexpected error.", PathOf(context.Request), $"Details are in the log under reference {reference}."));
        }
    }

    // What a body names wrongly is a wrong body; what an address names wrongly is not there.
    private static int StatusOf(Problem problem, HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && problem.Code is ("MDL-1001" or "MKT-4001" or "MKT-4002") ? StatusCodes.Status404NotFound : StatusOf(problem);

    /// <summary>The status of a refusal: stores that fail are the server's fault, everything else is the request's.</summary>
    internal static int StatusOf(Problem problem) => problem switch
    {
        { Code: "APP-2026" or "APP-2028" } => StatusCodes.Status401Unauthorized,
        { Code: "APP-2029" or "APP-1170" or "USR-1001" or "USR-1011" or "KEY-1001" or "APR-1001" or "MDL-1009" or "WFL-1012" or "WFL-2006" or "SWS-3003" or "TRN-3001" or "TRN-3008" or "TRN-3013" } => StatusCodes.Status404NotFound,
        { Code: "USR-1004" or "USR-1007" or "USR-1009" or "KEY-1007" or "MDL-1002" or "MDL-1013" or "MDL-1014" or "APR-1002" or "APR-1003" or "APR-1005" or "APR-1007" or "APP-2012" or "APP-2041" or "APP-2042" or "SWS-3005" or "APP-2015"
            or "TRN-3014" or "WFL-1014" or "WFL-2007" or "WFL-2201" or "WFL-2202" or "WFL-2203" or "WFL-2204" or "WFL-2208" } => StatusCodes.Status409Conflict,
        { Code: "APP-1162" or "USR-1010" or "KEY-1006" or "KEY-1008" or "APR-1006" or "APR-1020" or "APP-2013" or "DEP-1001" or "DEP-1006" } => StatusCodes.Status403Forbidden,
        { Code: "APR-1011" or "APR-1013" or "APR-1015" or "APR-1016" or "APR-1018" or "APP-2016" } => StatusCodes.Status409Conflict,
        { Code: var code } when code.StartsWith("DEP-", StringComparison.Ordinal) => StatusCodes.Status409Conflict,
        { Code: "STO-1005" } => StatusCodes.Status503ServiceUnavailable,
        { IsOfStore: true } => StatusCodes.Status500InternalServerError,
        { Exit: ExitCode.ApprovalMissing or ExitCode.DataRefused } => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
