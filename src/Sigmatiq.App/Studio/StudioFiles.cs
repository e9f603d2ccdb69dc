using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.Store.Errors;

namespace Sigmatiq.App.Studio;

/// <summary>The studio as the build left it beside the program: one page for every address that a browser opens, and its files, whose names
/// carry their hash and which therefore never change. Everything is read once and kept; nothing is looked up on disk by what a request says.</summary>
public sealed class StudioFiles
{
    /// <summary>Stands in the page where each answer puts a nonce of its own.</summary>
    public const string NoncePlace = "{{nonce}}";

    private const int NonceBytes = 16;

    private static readonly Lazy<StudioFiles> Built = new(() => Read(Path.Combine(AppContext.BaseDirectory, "wwwroot")));

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".js"] = "text/javascript; charset=utf-8", [".css"] = "text/css; charset=utf-8", [".woff2"] = "font/woff2", [".svg"] = "image/svg+xml", [".json"] = "application/json",
        [".txt"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // What the server itself shows to a browser; everything else that a browser opens is a place in the studio.
    private static readonly string[] OwnPages = ["/sign-in", "/status", "/health", "/assets"];

    private readonly FrozenDictionary<string, Asset> assets;
    private readonly string? page;

    private StudioFiles(string? page, FrozenDictionary<string, Asset> assets)
    {
        this.page = page;
        this.assets = assets;
    }

    /// <summary>The studio of this program.</summary>
    public static StudioFiles OfProgram => Built.Value;

    /// <summary>Whether the program was built with a studio.</summary>
    public bool IsBuilt => page is not null;

    /// <summary>Reads what a build wrote.</summary>
    /// <param name="folder">Holds <c>index.html</c> and <c>assets/</c>, there <c>x.br</c> and <c>x.gz</c> beside x where that is smaller.</param>
    public static StudioFiles Read(string folder)
    {
        string index = Path.Combine(folder, "index.html"), below = Path.Combine(folder, "assets");
        if (!File.Exists(index))
        {
            return new(null, FrozenDictionary<string, Asset>.Empty);
        }

        Dictionary<string, Asset> found = new(StringComparer.Ordinal);
        foreach (string path in Directory.Exists(below) ? Directory.EnumerateFiles(below) : [])
        {
            if (Types.TryGetValue(Path.GetExtension(path), out string? type))
            {
                found[Path.GetFileName(path)] = new(type, File.ReadAllBytes(path), Beside(path + ".br"), Beside(path + ".gz"));
            }
        }

        return new(File.ReadAllText(index), found.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Maps the files of the studio.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/assets/{name}", SendAsync).WithMetadata(new PageRoute()).Needs(Right.Read);

    /// <summary>Answers a browser that opens an address with the studio; a browser without a session is shown the door.</summary>
    public async Task AnswerPageAsync(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        if (page is null && request.Path == "/" && Answers.WantsPage(request))
        {
            // Built without the studio: the page that needs none of it.
            context.Response.Redirect("/status");
            return;
        }

        bool isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (page is null || !isRead || !Answers.WantsPage(request) || OwnPages.Any(p => request.Path.StartsWithSegments(p, StringComparison.Ordinal)))
        {
            await next(context);
            return;
        }

        if (context.User.Identity?.IsAuthenticated != true)
        {
            await context.ChallengeAsync();
            return;
        }

        string nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        context.Response.Headers.ContentSecurityPolicy = PolicyWith(nonce);
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(page.Replace(NoncePlace, nonce, StringComparison.Ordinal), context.RequestAborted);
    }

    /// <summary>The content policy of the page: our own files, and the style elements that carry this answer's nonce.</summary>
    public static string PolicyWith(string nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static byte[]? Beside(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;

    private Task SendAsync(HttpContext context, string name)
    {
        if (!assets.TryGetValue(name, out Asset? asset))
        {
            return Answers.Refuse(context, StatusCodes.Status404NotFound,
                new Problem("APP-2016", $"There is no file '{name}'.", context.Request.Path, "The program may have been updated: load the page again."));
        }

        HttpResponse response = context.Response;
        string taken = context.Request.Headers.AcceptEncoding.ToString();
        (byte[] body, string? encoding) =
            asset.Brotli is { } brotli && taken.Contains("br", StringComparison.OrdinalIgnoreCase) ? (brotli, "br")
            : asset.Gzip is { } gzip && taken.Contains("gzip", StringComparison.OrdinalIgnoreCase) ? (gzip, "gzip")
            : (asset.Plain, null);
        response.ContentType = asset.Type;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "private, max-age=31536000, immutable";
        response.Headers.Vary = "Accept-Encoding";
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }

        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private sealed record Asset(string Type, byte[] Plain, byte[]? Brotli, byte[]? Gzip);
}
