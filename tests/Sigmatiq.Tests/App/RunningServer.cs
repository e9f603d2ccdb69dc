using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Sigmatiq.App;
using Sigmatiq.App.Api;
using Sigmatiq.App.Auth;
using Sigmatiq.App.Pages;
using Sigmatiq.App.Studio;
using Sigmatiq.Store;
using Sigmatiq.Store.Rows;
using Sigmatiq.Store.Seeds;
using Sigmatiq.Tests.App.Api;
using Sigmatiq.Tests.App.Pages;
using Sigmatiq.Tests.App.Studio;

namespace Sigmatiq.Tests.App;

/// <summary>A real server on a free port with a store of its own; the page shows the sample, votes are kept in a list.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private SqliteRowStore? rows;

    public StepClock Clock { get; } = new(SampleStatus.Now);

    public WebServer Server { get; private set; } = null!;

    public People People { get; private set; } = null!;

    public SqliteRowStore Rows => rows!;

    public DataDirectory Data => new(folder.Path);

    public StatusView View { get; set; } = SampleStatus.Waiting();

    public List<(string Id, bool Approve, string Voter, string Reason, string Digest)> Votes { get; } = [];

    public static Task<RunningServer> StartAsync(CancellationToken ct, params Func<RunningServer, Action<IEndpointRouteBuilder>>[] routes) => StartAsync(null, ct, routes);

    /// <summary>The same with limits of the test's own.</summary>
    public static Task<RunningServer> StartAsync(RequestLimits? limits, CancellationToken ct, params Func<RunningServer, Action<IEndpointRouteBuilder>>[] routes) => StartAsync(limits, null, ct, routes);

    /// <summary>The same, published by a proxy.</summary>
    public static async Task<RunningServer> StartAsync(RequestLimits? limits, PublicOrigin? published, CancellationToken ct, params Func<RunningServer, Action<IEndpointRouteBuilder>>[] routes)
    {
        var running = new RunningServer();
        running.rows = await SqliteRowStore.OpenAsync(running.folder["s.db"], running.Clock, ct);
        running.People = new(running.rows, running.Clock, IdSource.FromSystem(running.Clock));
        VoteCasting cast = (id, approve, voter, reason, digest, _) =>
        {
            running.Votes.Add((id, approve, voter, reason, digest));
            return Task.CompletedTask;
        };
        running.Server = await WebServer.StartAsync("http://127.0.0.1:0", running.People, (_, _) => Task.FromResult(running.View), cast, [.. routes.Select(r => r(running))], running.Rows,
            TimeProvider.System, NullLoggerFactory.Instance, ct, StudioFiles.Read(BuiltStudio.In(running.folder["wwwroot"])), limits, published);
        return running;
    }

    /// <summary>A browser without a session; it does not follow redirects by itself.</summary>
    public HttpClient Stranger() =>
        new(new DocumentedAnswers(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() })) { BaseAddress = Server.Address };

    /// <summary>A browser that has opened a one-time link.</summary>
    public Task<HttpClient> SignedInAsync(CancellationToken ct) => SignedInAsync(Sigmatiq.App.Auth.People.LocalOperator, ct);

    /// <summary>A browser in which this user is signed in.</summary>
    public async Task<HttpClient> SignedInAsync(Person user, CancellationToken ct)
    {
        HttpClient browser = Stranger();
        using HttpResponseMessage answer = await browser.GetAsync($"/sign-in?token={await People.NewLinkAsync(user, ct)}", ct);
        answer.StatusCode.Should().Be(HttpStatusCode.SeeOther);
        return browser;
    }

    /// <summary>A program with a key of this user, who is added where the store does not know them yet.</summary>
    public async Task<HttpClient> WithKeyAsync(Person user, CancellationToken ct, params string[] scopes)
    {
        await People.AddAsync(Rows, user, ct);
        KeyMade made = await new KeyRing(Rows, new(Clock), People, Clock, IdSource.FromSystem(Clock)).MakeAsync(user.Id, "test", scopes, 30, "operator", "a test", ct);
        return Bearing(made.Secret);
    }

    /// <summary>A program with this key, right or wrong.</summary>
    public HttpClient Bearing(string key)
    {
        HttpClient program = Stranger();
        program.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return program;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        rows?.Dispose();
        folder.Dispose();
    }

    /// <summary>A clock that stands until it is moved.</summary>
    internal sealed class StepClock(DateTimeOffset start) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
