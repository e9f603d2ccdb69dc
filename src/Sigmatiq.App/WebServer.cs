using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.App.Streams;
using Sigmatiq.App.Studio;
using Sigmatiq.App.Traces;
using Sigmatiq.Store.Errors;
using Sigmatiq.Store.Rows;

namespace Sigmatiq.App;

/// <summary>The web host: loopback only, nothing without sign-in but the door (spec 08 §8.7).</summary>
public sealed class WebServer : IAsyncDisposable
{
    private const int PortsTried = 50;
    private const string AnyScheme = "signed-in";
    private static readonly Uri DefaultAddress = new("http://127.0.0.1:8484");
    private readonly WebApplication app;

    private WebServer(WebApplication app, Uri address)
    {
        this.app = app;
        Address = address;
    }

    /// <summary>Where it listens, e.g. <c>http://127.0.0.1:8484</c>.</summary>
    public Uri Address { get; }

    /// <summary>All routes, for the test that walks them.</summary>
    internal IReadOnlyList<Endpoint> Routes => app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <summary>Starts to listen.</summary>
    /// <param name="url">Address asked for; null takes port 8484 or the next free one.</param>
    /// <param name="people">Users and sessions.</param>
    /// <param name="read">Reads the status page.</param>
    /// <param name="cast">Casts a vote.</param>
    /// <param name="routes">Further routes.</param>
    /// <param name="rows">Where answers under an idempotency key are kept.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logs">Loggers.</param>
    /// <param name="ct">Cancels the start.</param>
    /// <param name="studio">What browsers are shown; null takes the studio that the program was built with.</param>
    /// <param name="limits">What one caller may take; null for the usual.</param>
    /// <param name="published">Where a proxy on this machine publishes it; null for nowhere.</param>
    /// <exception cref="InvalidOperationException">A route names no right.</exception>
    /// <exception cref="ProblemException">APP-1004: not a loopback address. APP-1005: the port is taken.</exception>
    public static async Task<WebServer> StartAsync(
        string? url, People people, StatusReading read, VoteCasting cast, IReadOnlyList<Action<IEndpointRouteBuilder>> routes, IRowStore rows, TimeProvider clock,
        ILoggerFactory logs, CancellationToken ct, StudioFiles? studio = null, RequestLimits? limits = null, PublicOrigin? published = null)
    {
        Uri asked = url is null ? DefaultAddress : Loopback(url);
        for (int port = asked.Port; ; port++)
        {
            WebApplication app = Build(new(IPAddress.Parse(asked.Host == "localhost" ? "127.0.0.1" : asked.Host), port), people, read, cast, routes, rows, clock, logs, studio ?? StudioFiles.OfProgram, limits ?? RequestLimits.Usual, published);
            try
            {
                await app.StartAsync(ct).ConfigureAwait(false);
                string bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
                return new(app, new(bound));
            }
            catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
            {
                await app.DisposeAsync().ConfigureAwait(false);
                if (url is not null || port == asked.Port + PortsTried)
                {
                    throw new ProblemException("APP-1005", $"Port {port} is taken by another program.", "--urls", "Choose another port.");
                }
            }
        }
    }

    /// <summary>The OpenAPI document of a server with these routes, without one that answers; see <see cref="StartAsync"/> for the parameters.</summary>
    public static async Task<string> DocumentAsync(People people, StatusReading read, VoteCasting cast, IReadOnlyList<Action<IEndpointRouteBuilder>> routes, IRowStore rows,
        TimeProvider clock, ILoggerFactory logs, CancellationToken ct)
    {
        await using WebApplication app = Build(new(IPAddress.Loopback, 0), people, read, cast, routes, rows, clock, logs, StudioFiles.OfProgram, RequestLimits.Usual);
        return await ApiDocument.TextAsync(app.Services, ct).ConfigureAwait(false);
    }

    /// <summary>The routes of a server on a store, without one: nothing listens.</summary>
    internal static async Task<IReadOnlyList<Endpoint>> RoutesOfAsync(Platform platform)
    {
        await using WebApplication app = Build(
            new(IPAddress.Loopback, 0), platform.People, (_, _) => throw new InvalidOperationException("Nothing is read."), (_, _, _, _, _, _) => throw new InvalidOperationException("Nothing is voted on."),
            ServedStore.Routes(platform), platform.Rows, platform.Clock, platform.Logs, StudioFiles.OfProgram, RequestLimits.Usual);
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints)];
    }

    /// <summary>Finishes the requests under way and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await app.StopAsync(patience.Token).ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }

    private static Uri Loopback(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttp)
        {
            throw new ProblemException("APP-1003", $"'{url}' is not an address like http://127.0.0.1:8484.", "--urls", exit: ExitCode.BadUsage);
        }

        bool isLoopback = uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
        return isLoopback
            ? uri
            : throw new ProblemException("APP-1004", $"'{uri.Host}' is not a loopback address.", "--urls",
                "A local store is served on this machine only: use 127.0.0.1, and a tunnel from elsewhere.", ExitCode.BadUsage);
    }

    private static WebApplication Build(
        IPEndPoint endpoint, People people, StatusReading read, VoteCasting cast, IReadOnlyList<Action<IEndpointRouteBuilder>> routes, IRowStore rows, TimeProvider clock,
        ILoggerFactory logs, StudioFiles studio, RequestLimits limits, PublicOrigin? published = null)
    {
        // Empty: neither settings files of the current folder nor environment variables change what is served.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "Sigmatiq", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            limits.Apply(kestrel.Limits);
            kestrel.Listen(endpoint);
        });
        IServiceCollection services = builder.Services;
        services.AddSingleton(logs);
        services.AddSingleton<IHostLifetime, OurLifetime>();
        services.AddSingleton(clock).AddSingleton(rows).AddSingleton(people).AddSingleton(read).AddSingleton(cast).AddSingleton<StatusStream>().AddSingleton<HttpFigures>();
        services.AddRouting();
        services.ConfigureHttpJsonOptions(o => Wire.Apply(o.SerializerOptions));
        ApiDocument.Add(services);
        services.AddAuthentication(AnyScheme)
            .AddPolicyScheme(AnyScheme, null, o => o.ForwardDefaultSelector = c => KeyAuthentication.IsMeant(c.Request) ? KeyAuthentication.SchemeName : SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null);
        // For what is no route: a stranger does not learn which there are.
        services.AddAuthorization(o => o.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

        services.AddSingleton(limits).AddSingleton<Standing>();
        services.AddRateLimiter(limits.Apply);

        WebApplication app = builder.Build();
        // One route, two names: /api/runs is for programs alone, /runs may be asked for as a page too.
        app.UsePathBase(Answers.ProgramBase);
        app.Use(app.Services.GetRequiredService<HttpFigures>().CountAsync);
        app.Use(new RequestTraces(clock).TraceAsync);
        app.Use(RequestGuards.AddHeadersAsync);
        app.UseStatusCodePages(Answers.RefuseBareAsync);
        app.Use(Answers.CatchAsync);
        app.Use(RequestGuards.CheckOrigin(published));
        app.UseRouting();
        app.Use(Answers.KeepPagesOutAsync);
        app.UseAuthentication();
        app.Use(studio.AnswerPageAsync);
        app.UseRateLimiter();
        app.UseAuthorization();
        app.Use(app.Services.GetRequiredService<Standing>().WatchAsync);
        app.Use(new AnsweredOnce(rows, clock).AnswerAsync);
        app.Use(RequestGuards.CheckFormTokenAsync);
        SignInApi.Map(app);
        StatusApi.Map(app);
        StatusStream.Map(app);
        DocumentApi.Map(app);
        studio.Map(app);
        foreach (Action<IEndpointRouteBuilder> map in routes)
        {
            map(app);
        }

        // Said here, so that the document can be made of a server that never starts.
        app.UseEndpoints(_ => { });
        RouteRights.Check(((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints));
        return app;
    }

    // Signals belong to the command around the server, which has more to stop than the server.
    private sealed class OurLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken ct) => Task.CompletedTask;

        public Task StopAsync(CancellationToken ct) => Task.CompletedTask;
    }
}
